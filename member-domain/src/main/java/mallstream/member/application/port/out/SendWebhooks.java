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

    /** How many more attempts may be started now, 0 or more. */
    int room();

    /** How many attempts one endpoint gets at the same time, 1 or more. */
    int mostPerEndpoint();

    /** How many attempts were started and not yet given back by {@link #ended}. */
    int running();

    /**
     * Starts one attempt for each message, side by side, and does not wait for them: what one receiver does delays no
     * other. Each is given back by {@link #ended}, at the deadline at the latest.
     *
     * @param messages as many as there is {@link #room} for; those beyond, and those beyond the cap of their endpoint, end
     *     as {@link Result.NotMade}
     * @return how many were started
     */
    int start(List<Message> messages);

    /**
     * Gives each attempt that has ended, once, and cuts those whose time is over.
     *
     * @param most how long to wait for the first; not at all where none runs
     * @return in no order; never throws for what a receiver does
     */
    List<Ended> ended(Duration most);

    /**
     * @param message the very object that was handed in
     * @param result how its attempt ended
     */
    record Ended(Message message, Result result) {}

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
