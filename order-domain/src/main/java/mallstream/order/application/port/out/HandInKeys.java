package mallstream.order.application.port.out;

import java.time.Instant;
import java.util.Optional;

/** The idempotency keys that came with orders, as hashes. Every call belongs inside {@link Transactions#inOne}. */
public interface HandInKeys {
    /**
     * What was handed in under a key.
     *
     * @param scope hash of caller, call and key
     * @param now keys that are kept until then or less long count no more
     * @return the hash of the body, if the key counts
     */
    Optional<String> bodyUnder(String scope, Instant now);

    /**
     * Keeps a key. One that still counts stays as it is; one that counts no more is replaced.
     *
     * @param scope hash of caller, call and key
     * @param body hash of the body
     * @param now keys that are kept until then or less long count no more
     * @param until how long it counts
     * @return whether it is kept now; {@code false} if one that counts was there
     */
    boolean keep(String scope, String body, Instant now, Instant until);

    /**
     * Forgets keys that count no more.
     *
     * @param now keys that are kept until then or less long
     * @return how many
     */
    int forget(Instant now);
}
