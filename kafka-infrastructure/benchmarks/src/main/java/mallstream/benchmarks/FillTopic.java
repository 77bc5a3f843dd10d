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
    private static final String CREATED = "created";
    private static final String FILLED = "filled";
    private static final int LOOK_MICROS = 200;

    private FillTopic() {}

    /**
     * Runs it in a process of its own and waits for its end.
     *
     * @param bootstrap where the broker is
     * @param load what to write; its topic must not exist
     * @param partitions of the topic
     */
    public static void run(String bootstrap, Load load, int partitions) {
        try (Child filler = start(bootstrap, load, partitions, 0)) {
            filler.line(FILLED);
        }
    }

    /**
     * Starts it in a process of its own.
     *
     * @param bootstrap where the broker is
     * @param load what to write; its topic must not exist
     * @param partitions of the topic
     * @param rate records per second; 0: as fast as it can
     * @return the process; the topic is there
     */
    static Child start(String bootstrap, Load load, int partitions, int rate) {
        Child filler = Child.start(
                FillTopic.class,
                "-Xmx256m -XX:+UseSerialGC",
                bootstrap,
                Integer.toString(partitions),
                load.word(),
                Integer.toString(rate));
        filler.line(CREATED);
        return filler;
    }

    /**
     * @param arguments bootstrap servers, partitions, {@link Load#word}, records per second
     * @throws Exception if a record was not confirmed
     */
    public static void main(String[] arguments) throws Exception {
        Child.endWithParent();
        Load load = Load.of(arguments[2]);
        int rate = Integer.parseInt(arguments[3]);
        try (Cluster cluster = new Cluster(arguments[0])) {
            cluster.create(load.topic(), Integer.parseInt(arguments[1]));
            // Answered when all partitions have their leaders. Before that a first batch can be refused while the
            // second one is
            // taken, and then the first never fits any more.
            cluster.ends(load.topic());
        }
        Out.print(CREATED);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        arguments[0],
                        ProducerConfig.LINGER_MS_CONFIG,
                        rate == 0 ? 10 : 1,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            long start = Clocks.micros();
            load.forEach(event -> send(
                    producer,
                    rate == 0 ? event : due(event, start + event.number() * 1_000_000L / rate),
                    load.topic(),
                    failure));
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        Out.print(FILLED);
    }

    /** Waits until it is an event's time. It bears the time when it was due, so that a producer that is late hides nothing. */
    private static Event due(Event event, long micros) {
        try {
            while (Clocks.micros() < micros) {
                Pause.micros(LOOK_MICROS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new Event(event.number(), event.key(), event.turn(), micros);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback is told the same.
    private static void send(
            Producer<byte[], byte[]> producer, Event event, String topic, AtomicReference<Exception> failure) {
        producer.send(new ProducerRecord<>(topic, event.keyBytes(), event.valueBytes()), (place, thrown) -> {
            if (thrown != null) {
                failure.set(thrown);
            }
        });
    }
}
