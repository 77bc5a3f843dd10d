package mallstream.benchmarks.peers;

import mallstream.benchmarks.Candidate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.GenericMessageListener;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

/** A listener container of spring-kafka, which commits without waiting and by time. */
abstract class SpringListener implements Candidate {
    private @Nullable KafkaMessageListenerContainer<byte[], byte[]> container;

    /**
     * The listener.
     *
     * @param settings of the run
     */
    abstract GenericMessageListener<?> listener(Settings settings);

    @Override
    public final void start(Settings settings) {
        var consumer = settings.consumer();
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.max(500, settings.maxInFlight()));
        ContainerProperties properties = new ContainerProperties(settings.topic());
        properties.setMessageListener(listener(settings));
        properties.setAckMode(ContainerProperties.AckMode.TIME);
        properties.setAckTime(COMMIT_MILLIS);
        properties.setSyncCommits(false);
        properties.setPollTimeout(50);
        KafkaMessageListenerContainer<byte[], byte[]> made =
                new KafkaMessageListenerContainer<>(new DefaultKafkaConsumerFactory<>(consumer), properties);
        made.start();
        container = made;
    }

    @Override
    public final void close() {
        if (container != null) {
            container.stop();
        }
    }
}
