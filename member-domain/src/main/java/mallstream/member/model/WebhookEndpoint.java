package mallstream.member.model;

import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * An address that a mall wants to be called at.
 *
 * @param id the endpoint
 * @param mallId the mall whose sign-ups it is told
 * @param url where to
 * @param types event types that it is told; empty for all
 * @param secret signs what is sent
 * @param registeredAt when
 */
public record WebhookEndpoint(UUID id, MallId mallId, URI url, Set<String> types, Secret secret, Instant registeredAt) {

    /** The types of event that an endpoint can ask for. */
    public static final Set<String> TYPES = Set.of(WebhookDelivery.SIGNED_UP);

    /** Makes it. */
    public WebhookEndpoint {
        types = Set.copyOf(types);
    }

    /**
     * A signing secret after Standard Webhooks 1.0.0; {@code toString} hides it.
     *
     * @param bytes 24 to 64 random bytes
     */
    public record Secret(byte[] bytes) {
        private static final int LENGTH = 32;

        /** @throws InvalidValue if the length is out of its range */
        public Secret {
            if (bytes.length < 24 || bytes.length > 64) {
                throw new InvalidValue("secret", "must be 24 to 64 bytes");
            }
        }

        /**
         * @param random where the bytes come from; a secure source
         * @return a new secret
         */
        public static Secret from(RandomGenerator random) {
            byte[] bytes = new byte[LENGTH];
            random.nextBytes(bytes);
            return new Secret(bytes);
        }

        /** The form that its owner is shown, once: {@code whsec_} and base64. */
        public String shown() {
            return "whsec_" + Base64.getEncoder().encodeToString(bytes);
        }

        @Override
        public String toString() {
            return "Secret[hidden]";
        }
    }
}
