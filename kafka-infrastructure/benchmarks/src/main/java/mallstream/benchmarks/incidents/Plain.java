package mallstream.benchmarks.incidents;

import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import mallstream.benchmarks.Event;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.AcknowledgingMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.support.Acknowledgment;

/** A service with a plain spring-kafka listener: what {@code @KafkaListener} makes, with the settings of Spring Boot. */
final class Plain implements AutoCloseable {
    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;

    /**
     * Starts it.
     *
     * @param bootstrap where the broker is
     * @param service its name, which is its client id too
     * @param group its group id, typed by hand as everywhere
     * @param topic what it reads
     * @param threads its {@code concurrency}
     * @param more settings of the consumer beyond the usual ones
     * @param ackMode when it commits
     * @param listener a message listener of spring-kafka
     */
    Plain(
            String bootstrap,
            String service,
            String group,
            String topic,
            int threads,
            Map<String, Object> more,
            AckMode ackMode,
            Object listener) {
        DefaultKafkaConsumerFactory<byte[], byte[]> factory = new DefaultKafkaConsumerFactory<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        service,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        factory.updateConfigs(more);
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setMessageListener(listener);
        properties.setAckMode(ackMode);
        container = new ConcurrentMessageListenerContainer<>(factory, properties);
        container.setBeanName(service);
        container.setConcurrency(threads);
        container.start();
    }

    /** How many partitions it has now. */
    int partitions() {
        return container.getAssignedPartitions().size();
    }

    /** Whether all of its threads run: what its health would say. */
    boolean healthy() {
        return container.isRunning() && container.isInExpectedState();
    }

    /**
     * A listener that acknowledges by hand.
     *
     * @param method as one would annotate it with {@code @KafkaListener}
     */
    static AcknowledgingMessageListener<byte[], byte[]> acknowledging(
            BiConsumer<ConsumerRecord<byte[], byte[]>, Acknowledgment> method) {
        return (message, acknowledgment) -> method.accept(message, Objects.requireNonNull(acknowledgment));
    }

    /** What a record says. */
    static Event event(ConsumerRecord<byte[], byte[]> message) {
        return Event.of(message.value());
    }

    /** Stops it in good order, as a deployment does. */
    @Override
    public void close() {
        container.stop();
    }
}
