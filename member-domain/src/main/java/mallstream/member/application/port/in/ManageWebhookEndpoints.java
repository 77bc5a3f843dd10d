package mallstream.member.application.port.in;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.model.MallId;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.RequestKey;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What a mall may do with the endpoints that it has registered. Every method may throw
 * {@link mallstream.member.model.Unavailable} if the database failed.
 */
public interface ManageWebhookEndpoints {
    /** The most endpoints of one answer. */
    int MOST = 1000;

    /** The most deliveries that one call makes due again. */
    int MOST_REDELIVERED = 10_000;

    /**
     * @param mallId the mall
     * @return its endpoints, oldest first, at most {@link #MOST}
     */
    List<RegisteredEndpoint> list(MallId mallId);

    /**
     * @param mallId the mall
     * @param id the endpoint
     * @return the endpoint; empty where the mall has no such
     */
    Optional<RegisteredEndpoint> read(MallId mallId, UUID id);

    /**
     * Gives an endpoint a new secret. The one before it signs beside it for {@code mallstream.webhook.rotation.overlap}.
     *
     * @param mallId the mall
     * @param id the endpoint
     * @param key the caller's idempotency key; the same key again rotates nothing and gives the newest secret
     * @return the new secret; empty where the mall has no such endpoint
     */
    Answer<Optional<Rotated>> rotate(MallId mallId, UUID id, @Nullable RequestKey key);

    /**
     * @param mallId the mall
     * @param id the endpoint
     * @return the endpoint, enabled, as if it had never failed; empty where the mall has no such
     */
    Optional<RegisteredEndpoint> enable(MallId mallId, UUID id);

    /**
     * Disables an endpoint; what waits for it is given up.
     *
     * @param mallId the mall
     * @param id the endpoint
     * @return the endpoint; empty where the mall has no such
     */
    Optional<RegisteredEndpoint> disable(MallId mallId, UUID id);

    /**
     * @param mallId the mall
     * @param id the endpoint
     * @return whether the mall had such an endpoint
     */
    boolean delete(MallId mallId, UUID id);

    /**
     * Sends a test event.
     *
     * @param mallId the mall
     * @param id the endpoint
     * @param key the caller's idempotency key; the same key again sends nothing and gives the first delivery
     * @return the delivery, or why there is none
     */
    Answer<Sent> test(MallId mallId, UUID id, @Nullable RequestKey key);

    /**
     * Sends one delivery again, with the id that it had.
     *
     * @param mallId the mall
     * @param id the endpoint
     * @param deliveryId the delivery
     * @return the delivery, or why it is not sent
     */
    Sent redeliver(MallId mallId, UUID id, UUID deliveryId);

    /**
     * Sends again what was given up, the oldest first.
     *
     * @param mallId the mall
     * @param id the endpoint
     * @param since given up then or later
     * @return how many, or why none
     */
    Sent redeliverFailed(MallId mallId, UUID id, Instant since);

    /**
     * A new secret, to be shown once.
     *
     * @param secret the secret
     * @param bothUntil until when the one before it signs too
     */
    record Rotated(Secret secret, Instant bothUntil) {}

    /** What became of a wish to send something. */
    sealed interface Sent {
        /**
         * It is due.
         *
         * @param deliveryId the delivery
         */
        record One(UUID deliveryId) implements Sent {}

        /**
         * They are due.
         *
         * @param count how many; {@link #MOST_REDELIVERED} means that there may be more, for another call
         */
        record Many(int count) implements Sent {}

        /** The mall has no such endpoint. */
        record NoSuchEndpoint() implements Sent {}

        /** The endpoint has no such delivery. */
        record NoSuchDelivery() implements Sent {}

        /** The endpoint is disabled. */
        record EndpointDisabled() implements Sent {}
    }
}
