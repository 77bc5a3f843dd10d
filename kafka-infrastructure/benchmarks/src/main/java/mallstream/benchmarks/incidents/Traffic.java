package mallstream.benchmarks.incidents;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import mallstream.benchmarks.Event;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events at a steady rate, as malls do all day long. */
final class Traffic {
    private Traffic() {}

    /**
     * Sends all of them and waits until they are confirmed.
     *
     * @param bootstrap where the broker is
     * @param topic an existing topic
     * @param events what is sent
     * @param perSecond how many per second
     * @param before is told of each just before it is sent
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback is told the same.
    static void send(String bootstrap, String topic, List<Event> events, int perSecond, Consumer<Event> before) {
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.partitionsFor(topic);
            long start = System.nanoTime();
            for (int i = 0; i < events.size(); i++) {
                long due = start + i * 1_000_000_000L / perSecond;
                Until.work(Math.max(0, (due - System.nanoTime()) / 1_000));
                Event event = events.get(i);
                before.accept(event);
                producer.send(new ProducerRecord<>(topic, event.keyBytes(), event.valueBytes()), (place, thrown) -> {
                    if (thrown != null) {
                        failure.set(thrown);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("an event was not confirmed", failure.get());
        }
    }
}
