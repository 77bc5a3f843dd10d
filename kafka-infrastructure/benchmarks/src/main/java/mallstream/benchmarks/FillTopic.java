package mallstream.benchmarks;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates a topic and writes a load into it, in a process of its own: whoever is measured has nothing of it in its heap. */
public final class FillTopic {
    private static final String FILLED = "filled";

    private FillTopic() {}

    /**
     * Runs it in a process of its own and waits for its end.
     *
     * @param bootstrap where the broker is
     * @param load what to write; its topic must not exist
     * @param partitions of the topic
     */
    public static void run(String bootstrap, Load load, int partitions) {
        try (Child filler = Child.start(
                FillTopic.class,
                "-Xmx256m -XX:+UseSerialGC",
                bootstrap,
                load.topic(),
                Integer.toString(partitions),
                load.word())) {
            filler.line(FILLED);
        }
    }

    /**
     * @param arguments bootstrap servers, topic, partitions, {@link Load#word}
     * @throws Exception if a record was not confirmed
     */
    public static void main(String[] arguments) throws Exception {
        String topic = arguments[1];
        try (Cluster cluster = new Cluster(arguments[0])) {
            cluster.create(topic, Integer.parseInt(arguments[2]));
        }
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        arguments[0],
                        ProducerConfig.LINGER_MS_CONFIG,
                        10,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Load.of(arguments[3])
                    .forEach(event ->
                            send(producer, new ProducerRecord<>(topic, event.keyBytes(), event.valueBytes()), failure));
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        Out.print(FILLED);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback is told the same.
    private static void send(
            Producer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> message,
            AtomicReference<Exception> failure) {
        producer.send(message, (place, thrown) -> {
            if (thrown != null) {
                failure.set(thrown);
            }
        });
    }
}
