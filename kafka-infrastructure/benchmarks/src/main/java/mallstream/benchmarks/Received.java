package mallstream.benchmarks;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts what the client hands over, for all arms in the same way: what is held grows at no other moment, so looking at it
 * then finds the most there ever was. One topic and one member for each process.
 */
public final class Received implements ConsumerInterceptor<byte[], byte[]> {
    private static final AtomicInteger RECEIVED = new AtomicInteger();
    private static final AtomicInteger MOST_HELD = new AtomicInteger();
    private static volatile IntSupplier ended = () -> 0;

    /** Made by the client, by its name. */
    public Received() {}

    /**
     * Begins to compare.
     *
     * @param finished gives how many records have ended
     */
    static void compareWith(IntSupplier finished) {
        ended = finished;
    }

    /** The most records that were received and had not ended. */
    static int mostHeld() {
        return MOST_HELD.get();
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        int count = 0;
        for (TopicPartition each : records.partitions()) {
            // The engine's consumers read topics of its own, too.
            if (each.topic().startsWith(Load.TOPICS)) {
                count += records.records(each).size();
            }
        }
        if (count > 0) {
            int held = RECEIVED.addAndGet(count) - ended.getAsInt();
            if (held > MOST_HELD.get()) {
                MOST_HELD.set(held);
            }
        }
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        // Commits are asked of the broker.
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    public void configure(Map<String, ?> settings) {
        // Nothing can be set.
    }
}
