package mallstream.kafka.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Somebody else's service with a group id of ours: it takes what it gets, commits it, and goes on until it is closed. */
final class CopiedService implements AutoCloseable {
    final AtomicInteger taken = new AtomicInteger();
    volatile int partitions;
    volatile @Nullable KafkaException refused;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean stopping;

    private CopiedService(String group, String clientId, String topic, String protocol) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.bootstrap());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
        settings.put(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, 100);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        thread = Thread.ofPlatform().daemon().name(clientId).start(this::run);
    }

    /** The protocol and the assignors that most services have. */
    static CopiedService classic(String group, String clientId, String topic) {
        return new CopiedService(group, clientId, topic, "classic");
    }

    /** With the protocol of KIP-848. */
    static CopiedService next(String group, String clientId, String topic) {
        return new CopiedService(group, clientId, topic, "consumer");
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                taken.addAndGet(consumer.poll(Duration.ofMillis(50)).count());
                partitions = consumer.assignment().size();
            }
        } catch (KafkaException e) {
            refused = e;
        }
    }

    /** It leaves the group, as a service that is stopped does. */
    void leave() {
        stopping = true;
        try {
            if (!thread.join(Duration.ofSeconds(20))) {
                throw new IllegalStateException("did not leave within 20 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        leave();
    }
}
