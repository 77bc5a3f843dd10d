package mallstream.kafka.consume;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One consumer group on one topic and what it does with the events.
 *
 * @param <E> the event's type
 * @param domain the owning domain, part of the group id, for instance {@code member}
 * @param name unique over all subscriptions of the jar, {@code [a-z][a-z0-9-]*}; frozen once released
 * @param topic the topic
 * @param startsAt where the group starts the first time it ever runs
 * @param batch how many events a call gets where no setting says otherwise
 * @param decoder bytes to event
 * @param handler where the events go
 * @param owner the class that reacts; it is named in messages
 * @param passesGate whether a call holds a database connection for most of its time: then it waits at the gate for its
 *     turn; false for handlers that wait for somebody else's system
 * @param finer what is handled in order and one after the other within a key ({@code ordering=record}): a record's lane among
 *     those of its key, or null for the lane of the key. It may say something else of a key at any time: nothing
 *     overtakes across a change, which waits for what is held of that key alone. It is asked on the poll thread for each
 *     record with a key, so it must be cheap; where it throws, it is the lane of the key. Null: only keys can be
 * @param hotKeys that keys may be shown, and what can be done about a hot one; null: they are not shown
 */
public record Subscription<E>(
        String domain,
        String name,
        String topic,
        StartPosition startsAt,
        Batch batch,
        Decoder<E> decoder,
        Handler<E> handler,
        Class<?> owner,
        boolean passesGate,
        @Nullable Function<Decoder.Received, @Nullable String> finer,
        @Nullable HotKeys hotKeys) {

    /** A subscription that is ordered by key and needs the database. */
    public Subscription(
            String domain,
            String name,
            String topic,
            StartPosition startsAt,
            Batch batch,
            Decoder<E> decoder,
            Handler<E> handler,
            Class<?> owner) {
        this(domain, name, topic, startsAt, batch, decoder, handler, owner, true, null, null);
    }

    /** The group, derived from domain and name. */
    public ConsumerGroupId group() {
        return ConsumerGroupId.of(domain, name);
    }

    /** Where a new group starts reading. */
    public enum StartPosition {
        /** With everything that the topic still holds. */
        RETAINED,
        /** With what comes after the first start. */
        NOW
    }

    /**
     * A batch by size and time.
     *
     * @param maxSize most events of one call, 1 to 10,000
     * @param linger how long a batch may wait for more, 0 to 60 s; 0 takes what is there
     */
    public record Batch(int maxSize, Duration linger) {
        /** @throws IllegalArgumentException if a bound is out of its range */
        public Batch {
            if (maxSize < 1 || maxSize > 10_000) {
                throw new IllegalArgumentException("maxSize: is " + maxSize + ", must be 1 to 10000");
            }
            if (linger.isNegative() || linger.compareTo(Duration.ofSeconds(60)) > 0) {
                throw new IllegalArgumentException("linger: is " + linger + ", must be 0 to 60 s");
            }
        }
    }
}
