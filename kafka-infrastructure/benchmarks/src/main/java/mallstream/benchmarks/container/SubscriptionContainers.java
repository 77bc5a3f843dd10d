package mallstream.benchmarks.container;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.Subscription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.TaskScheduler;

/**
 * Binds a subscription to a container of spring-kafka: one consumer, one poll thread. The only class that sets a group
 * id.
 *
 * <p>A batch by size and time: {@code max.poll.records} is the size; while less than about a batch is there, the broker
 * keeps the fetch open for the linger. It is sized by bytes, since brokers count no records, so a batch may be smaller
 * than what was there; with a linger of 0 whatever is there comes at once.
 */
final class SubscriptionContainers {
    /** What a record of ours takes in a fetch: ids and headers. Only the linger depends on it. */
    private static final int TYPICAL_RECORD = 256;
    /** Most bytes of one answer to a fetch; a single record that is larger still comes, alone. */
    private static final int FETCH = 8 * 1024 * 1024;

    private static final int FETCH_OF_PARTITION = 1024 * 1024;
    /** Due retries and failed commits are looked after between polls, so a poll must not last long. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(25);

    private final Broker broker;
    private final String instance;
    private final TaskScheduler scheduler;

    /**
     * @param broker the cluster
     * @param instance names this process among its peers, part of the client id
     * @param scheduler for the container's own monitoring
     */
    SubscriptionContainers(Broker broker, String instance, TaskScheduler scheduler) {
        this.broker = broker;
        this.instance = instance;
        this.scheduler = scheduler;
    }

    /**
     * @param subscription whose group is joined
     * @param bounds its bounds
     * @param pollThread makes what runs on the poll thread, given whether the container goes on
     * @param ended told once when the consumer is closed, with what ended it, or {@code null} where it was asked to stop
     * @return a container that was not started
     */
    MessageListenerContainer create(
            Subscription<?> subscription,
            Bounds bounds,
            Function<BooleanSupplier, PollThread> pollThread,
            Consumer<Ending> ended) {
        ContainerProperties properties = new ContainerProperties(subscription.topic());
        properties.setGroupId(subscription.group().value());
        properties.setClientId("mallstream." + subscription.name() + "." + instance);
        properties.setKafkaConsumerProperties(overrides(bounds));
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        properties.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.NEVER);
        properties.setPollTimeout(POLL.toMillis());
        properties.setShutdownTimeout(LONGEST_STOP.toMillis());
        properties.setScheduler(scheduler);

        KafkaMessageListenerContainer<byte[], byte[]> container =
                new KafkaMessageListenerContainer<>(broker.consumers(), properties);
        PollThread thread = pollThread.apply(container::isRunning);
        // The container works on a copy of the properties.
        container.getContainerProperties().setMessageListener(thread);
        container.getContainerProperties().setConsumerRebalanceListener(thread);
        container.setBatchInterceptor(thread);
        container.setBeanName(subscription.group().value());
        AtomicReference<Exception> thrown = new AtomicReference<>();
        container.setCommonErrorHandler(new StopOnError(thrown));
        container.setApplicationEventPublisher(event -> {
            if (event instanceof ConsumerStoppedEvent stopped) {
                ended.accept(new Ending(stopped.getReason(), thrown.get()));
            }
        });
        return container;
    }

    private static Properties overrides(Bounds bounds) {
        Properties overrides = new Properties();
        overrides.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        overrides.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        overrides.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        overrides.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        overrides.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        overrides.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        overrides.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(bounds.maxSize()));
        overrides.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(FETCH));
        overrides.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(FETCH_OF_PARTITION));
        long linger = bounds.linger().toMillis();
        if (linger > 0) {
            int batch = Math.min(bounds.maxSize() * TYPICAL_RECORD, FETCH_OF_PARTITION);
            overrides.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, Integer.toString(batch));
            overrides.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Long.toString(linger));
            // A fetch that waits longer than a request may last would never be answered.
            overrides.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(linger + 30_000));
        } else {
            overrides.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1");
        }
        return overrides;
    }

    /**
     * How a consumer ended.
     *
     * @param reason spring-kafka's
     * @param thrown what the poll threw, if it did
     */
    record Ending(
            ConsumerStoppedEvent.Reason reason, @Nullable Exception thrown) {}

    /**
     * What a poll throws, or the listener outside of a handler, has no cure on the poll thread: going on would spin, or
     * leave a window behind that was not finished. The container stops, and the starter looks at the group again before
     * it starts another.
     */
    private record StopOnError(AtomicReference<Exception> thrown) implements CommonErrorHandler {
        @Override
        public void handleBatch(
                Exception exception,
                ConsumerRecords<?, ?> window,
                org.apache.kafka.clients.consumer.Consumer<?, ?> consumer,
                MessageListenerContainer container,
                Runnable invokeListener) {
            handleOtherException(exception, consumer, container, true);
        }

        @Override
        public void handleOtherException(
                Exception exception,
                org.apache.kafka.clients.consumer.Consumer<?, ?> consumer,
                MessageListenerContainer container,
                boolean batchListener) {
            thrown.set(exception);
            // With a callback the call returns at once; without, the poll thread would wait for itself.
            container.stop(() -> {});
        }
    }
}
