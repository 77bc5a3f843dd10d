package mallstream.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** At which offset of which partition each record of a topic is. */
final class Places {
    private static final Duration POLL = Duration.ofMillis(200);

    private final int[] partitions;
    private final long[] offsets;

    /**
     * Reads a topic.
     *
     * @param bootstrap where the broker is
     * @param load what is in the topic
     * @param ends where the topic's partitions end
     */
    Places(String bootstrap, Load load, Map<TopicPartition, Long> ends) {
        partitions = new int[load.records()];
        offsets = new long[load.records()];
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        try (Consumer<byte[], byte[]> reader =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = List.copyOf(ends.keySet());
            reader.assign(all);
            reader.seekToBeginning(all);
            int left = load.records();
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> each : reader.poll(POLL)) {
                    put(each);
                    left--;
                }
            }
        }
    }

    private void put(ConsumerRecord<byte[], byte[]> each) {
        int number = Event.number(each.value());
        partitions[number] = each.partition();
        offsets[number] = each.offset();
    }

    /**
     * @param number of a record
     * @return the partition that has it
     */
    int partition(int number) {
        return partitions[number];
    }

    /**
     * @param number of a record
     * @return its offset
     */
    long offset(int number) {
        return offsets[number];
    }
}
