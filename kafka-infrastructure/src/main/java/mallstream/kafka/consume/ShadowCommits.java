package mallstream.kafka.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the shadow group up to date from the poll thread, which it never holds up: one write is under way, and what comes
 * meanwhile waits as the newest offset of each partition. What did not arrive is written again.
 *
 * <p>It also writes again what has not changed for a while. The broker forgets an offset of a group without members a
 * week after it was written (offsets.retention.minutes), and a quiet partition would lose its only witness.
 *
 * <p>Only while this instance is in the group: a member of the shadow commits to it itself. Its times are nanoseconds of
 * one monotonic clock.
 */
final class ShadowCommits {
    private final Write write;
    private final long renew;
    private final long retry;
    private final Map<TopicPartition, OffsetAndMetadata> waiting = new HashMap<>();
    private final Map<TopicPartition, Written> written = new HashMap<>();
    private Map<TopicPartition, OffsetAndMetadata> sent = Map.of();
    private @Nullable CompletableFuture<Void> underWay;
    private @Nullable Long failedAt;

    /**
     * @param write writes to the shadow
     * @param renew after how long an offset that has not changed is written again; well below the broker's retention
     * @param retry how long to wait after a write that failed
     */
    ShadowCommits(Write write, Duration renew, Duration retry) {
        this.write = write;
        this.renew = renew.toNanos();
        this.retry = retry.toNanos();
    }

    /**
     * Takes what the shadow has to have next; {@link #turn} writes it.
     *
     * @param offsets by partition, with metadata
     */
    void put(Map<TopicPartition, OffsetAndMetadata> offsets) {
        waiting.putAll(offsets);
    }

    /**
     * Writes what waits, if nothing is under way. To be called at each turn of the poll loop.
     *
     * @param now the time
     */
    void turn(long now) {
        if (underWay != null && underWay.isDone()) {
            landed(underWay, now);
            underWay = null;
        }
        if (underWay != null || (failedAt != null && now - failedAt < retry)) {
            return;
        }
        written.forEach((partition, last) -> {
            if (now - last.at >= renew) {
                waiting.putIfAbsent(partition, last.offset);
            }
        });
        if (!waiting.isEmpty()) {
            sent = Map.copyOf(waiting);
            waiting.clear();
            underWay = write.write(sent);
        }
    }

    private void landed(CompletableFuture<Void> done, long now) {
        if (done.isCompletedExceptionally()) {
            failedAt = now;
            sent.forEach(waiting::putIfAbsent);
        } else {
            failedAt = null;
            sent.forEach((partition, offset) -> written.put(partition, new Written(offset, now)));
        }
        sent = Map.of();
    }

    /**
     * Lets partitions go that this instance no longer serves. What still waits for them is written at once, once: whoever
     * has them next writes too.
     *
     * @param partitions which
     */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // The shadow may lag behind; whoever has the partitions next mends it.
    void release(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> last = new HashMap<>(waiting);
        last.keySet().retainAll(partitions);
        if (!last.isEmpty()) {
            write.write(Map.copyOf(last));
        }
        drop(partitions);
    }

    /**
     * Forgets partitions without a last write, because another member has them already.
     *
     * @param partitions which
     */
    void drop(Collection<TopicPartition> partitions) {
        waiting.keySet().removeAll(partitions);
        written.keySet().removeAll(partitions);
        Map<TopicPartition, OffsetAndMetadata> kept = new HashMap<>(sent);
        kept.keySet().removeAll(partitions);
        sent = Map.copyOf(kept);
    }

    /** Writes to the shadow without waiting, such as {@link GroupOffsets#writeShadow}. */
    interface Write {
        /**
         * @param offsets by partition, with metadata
         * @return done, or why not
         */
        CompletableFuture<Void> write(Map<TopicPartition, OffsetAndMetadata> offsets);
    }

    private record Written(OffsetAndMetadata offset, long at) {}
}
