package mallstream.kafka.consume;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import mallstream.kafka.Broker;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of a topic once, without a group: one partition after the other, each in order. It holds what one poll
 * brings, about 1 MB.
 */
final class TopicScan implements AutoCloseable {
    private static final Map<String, Object> SETTINGS = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            500,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            1024 * 1024,
            ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
            1,
            // All that is read is there already. The client asks ahead, and a broker that held such a question at the
            // end of
            // one partition would hold the next partition up.
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            10);

    private static final Duration CLOSING = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> reader;
    private final @Nullable NavigableSet<DeadLetterId> only;
    private final Deque<Span> spans = new ArrayDeque<>();
    private Iterator<ConsumerRecord<byte[], byte[]>> polled = Collections.emptyIterator();

    /**
     * @param broker the cluster
     * @param topic what to read
     * @param from by partition the first offset; a partition that is not in it is read from its beginning
     * @param ends by partition the offset to stop before; a partition that is not in it is not read
     * @param only the records to read; {@code null}: all
     * @throws org.apache.kafka.common.KafkaException if no consumer can be made
     */
    TopicScan(
            Broker broker,
            String topic,
            Map<Integer, Long> from,
            SortedMap<Integer, Long> ends,
            @Nullable NavigableSet<DeadLetterId> only) {
        this.only = only;
        ends.forEach((partition, end) -> {
            Span span = new Span(new TopicPartition(topic, partition), from.getOrDefault(partition, 0L), end);
            if (span.from < span.end) {
                spans.add(span);
            }
        });
        this.reader = broker.reader(SETTINGS);
        begin();
    }

    /**
     * Where each partition ends now.
     *
     * @param broker the cluster
     * @param topic a topic
     * @return by partition the offset that its next record will have
     * @throws org.apache.kafka.common.KafkaException if the cluster does not answer
     */
    static SortedMap<Integer, Long> ends(Broker broker, String topic) {
        int partitions = broker.partitions(topic);
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        SortedMap<Integer, Long> ends = new TreeMap<>();
        broker.ask(admin -> admin.listOffsets(wanted).all())
                .forEach((partition, found) -> ends.put(partition.partition(), found.offset()));
        return ends;
    }

    private void begin() {
        Span span = spans.peekFirst();
        if (span != null) {
            reader.assign(List.of(span.partition));
            // What retention has taken meanwhile is passed over: an offset that is gone leads to the first that is
            // left.
            reader.seek(span.partition, span.from);
        }
    }

    /**
     * @param wait how long to wait where nothing is there yet
     * @return the next record; {@code null} where none came, or nothing is left
     * @throws org.apache.kafka.common.KafkaException if the cluster refuses
     */
    @Nullable
    ConsumerRecord<byte[], byte[]> next(Duration wait) {
        if (!finished() && !polled.hasNext()) {
            Span span = spans.getFirst();
            polled = reader.poll(wait).records(span.partition).stream()
                    .filter(each -> each.offset() < span.end)
                    .filter(each -> only == null || only.contains(new DeadLetterId(each.partition(), each.offset())))
                    .iterator();
        }
        return polled.hasNext() ? polled.next() : null;
    }

    /** Whether the next record is here already. */
    boolean ready() {
        return polled.hasNext();
    }

    /** Whether nothing is left. */
    boolean finished() {
        while (!polled.hasNext() && !spans.isEmpty()) {
            Span span = spans.getFirst();
            long position = reader.position(span.partition, Broker.PATIENCE);
            long wanted = wanted(span, position);
            if (wanted < span.end) {
                if (wanted > position) {
                    reader.seek(span.partition, wanted);
                }
                return false;
            }
            spans.removeFirst();
            begin();
        }
        return !polled.hasNext();
    }

    private long wanted(Span span, long position) {
        if (only == null) {
            return position;
        }
        DeadLetterId next = only.ceiling(new DeadLetterId(span.partition.partition(), position));
        return next != null && next.partition() == span.partition.partition() ? next.offset() : span.end;
    }

    /** How many offsets it has not come to yet. */
    long left() {
        long left = 0;
        for (Span span : spans) {
            boolean first = span.equals(spans.getFirst());
            left += span.end - (first ? reader.position(span.partition, Broker.PATIENCE) : span.from);
        }
        return left;
    }

    @Override
    public void close() {
        reader.close(CloseOptions.timeout(CLOSING));
    }

    private record Span(TopicPartition partition, long from, long end) {}
}
