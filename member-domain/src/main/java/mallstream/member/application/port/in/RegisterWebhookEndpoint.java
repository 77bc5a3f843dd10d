package mallstream.member.application.port.in;

import java.net.URI;
import java.util.Set;
import mallstream.member.model.MallId;
import mallstream.member.model.RequestKey;
import mallstream.member.model.WebhookEndpoint;
import org.jspecify.annotations.Nullable;

/** Takes an address that a mall wants to be called at. */
public interface RegisterWebhookEndpoint {
    /**
     * @param mallId the mall
     * @param url the address
     * @param types event types that it is told; empty for all
     * @param key the caller's idempotency key; the same key again gives the first answer, secret included
     * @return the endpoint, or why there is none
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Answer<Result> register(MallId mallId, URI url, Set<String> types, @Nullable RequestKey key);

    /** How a registration ended. */
    sealed interface Result {
        /**
         * @param endpoint the endpoint with its secret
         */
        record Registered(WebhookEndpoint endpoint) implements Result {}

        /**
         * The address may not be called.
         *
         * @param why in words for the one who registers
         */
        record AddressNotAllowed(String why) implements Result {}

        /**
         * There are no events of such a type.
         *
         * @param known the types that there are
         */
        record UnknownType(Set<String> known) implements Result {}

        /** The idempotency key made an endpoint that was deleted since. */
        record Deleted() implements Result {}
    }
}
