package mallstream.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mallstream.conformance.Event.Place;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what a topic holds, in no group. */
final class Reader {
    private static final Duration POLL = Duration.ofMillis(100);

    private Reader() {}

    /**
     * @param bootstrap where the broker is
     * @param ends where the topic's partitions end
     * @return the records that it holds
     */
    static List<Place> read(String bootstrap, Map<TopicPartition, Long> ends) {
        List<Place> found = new ArrayList<>();
        try (Consumer<String, String> reader = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new StringDeserializer(),
                new StringDeserializer())) {
            reader.assign(ends.keySet());
            reader.seekToBeginning(ends.keySet());
            while (ends.entrySet().stream().anyMatch(each -> reader.position(each.getKey()) < each.getValue())) {
                reader.poll(POLL).forEach(each -> found.add(new Place(each.partition(), each.offset(), each.key())));
            }
        }
        return found;
    }
}
