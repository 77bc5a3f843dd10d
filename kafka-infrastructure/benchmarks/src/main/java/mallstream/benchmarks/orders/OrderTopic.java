package mallstream.benchmarks.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import mallstream.benchmarks.orders.OrderLoad.Change;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes changes into a topic, keyed by mall. */
public final class OrderTopic implements AutoCloseable {
    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private int sent;

    /**
     * @param bootstrap where the broker is
     * @param topic an existing topic
     */
    public OrderTopic(String bootstrap, String topic) {
        this.topic = topic;
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.LINGER_MS_CONFIG,
                        2,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.partitionsFor(topic);
    }

    /** Sends one; whether it arrived is seen at the end. */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback is told the same.
    public void send(Change change) {
        sent++;
        producer.send(new ProducerRecord<>(topic, change.mall().getBytes(UTF_8), change.body()), (place, thrown) -> {
            if (thrown != null) {
                failure.set(thrown);
            }
        });
    }

    /** How many were sent. */
    public int sent() {
        return sent;
    }

    /** Waits until all are confirmed. */
    @Override
    public void close() {
        producer.close();
        if (failure.get() != null) {
            throw new IllegalStateException("a change was not confirmed", failure.get());
        }
    }
}
