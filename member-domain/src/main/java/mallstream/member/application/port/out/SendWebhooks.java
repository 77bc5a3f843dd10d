package mallstream.member.application.port.out;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls addresses that strangers registered. */
public interface SendWebhooks {
    /**
     * Says whether an address may be called at all: scheme, port and every address its name resolves to are checked.
     *
     * @param url the address as registered
     * @return why it may not, in words for the one who registered it; empty where it may
     */
    Optional<String> whyNot(URI url);

    /**
     * Makes one attempt for each message, side by side up to a bound, and waits for all of them.
     *
     * @param messages any number
     * @return a result per message, in the order of the messages; never throws for what a receiver does
     */
    List<Result> send(List<Message> messages);

    /**
     * One signed message, after Standard Webhooks 1.0.0.
     *
     * @param id {@code webhook-id}, the same for every attempt
     * @param endpointId the endpoint, for the cap of calls per endpoint
     * @param url where to
     * @param secrets the endpoint's secrets, newest first; each signs
     * @param body JSON, below 20 kB
     * @param attemptedAt {@code webhook-timestamp}
     */
    record Message(String id, UUID endpointId, URI url, List<byte[]> secrets, String body, Instant attemptedAt) {}

    /** How an attempt ended. */
    sealed interface Result {
        /**
         * The receiver answered 2xx.
         *
         * @param status the HTTP status
         */
        record Delivered(int status) implements Result {}

        /**
         * It may work later.
         *
         * @param status the HTTP status, 0 where there was no answer
         * @param why a reason code such as {@code timeout}, {@code http-503}, {@code redirect}, {@code address-refused}
         * @param retryAfter what the receiver asked for
         */
        record Failed(int status, String why, @Nullable Duration retryAfter) implements Result {}

        /** There was no place for an attempt in time, or the platform stops and cut it. It is nobody's fault. */
        record NotMade() implements Result {}

        /** The receiver answered 410: it wants no more. */
        record Gone() implements Result {}
    }
}
