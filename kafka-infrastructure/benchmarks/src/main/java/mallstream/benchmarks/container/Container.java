package mallstream.benchmarks.container;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import mallstream.benchmarks.Candidate;
import mallstream.benchmarks.Event;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.Subscription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The first version: one poll thread takes a batch, gives it to the handler, commits it, and takes the next. It holds no
 * more than a batch, so a bound on what is held says nothing to it, and it commits after every batch.
 */
public final class Container implements Candidate {
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    private @Nullable Broker broker;
    private @Nullable MessageListenerContainer container;

    @Override
    public void start(Settings settings) {
        Map<String, Object> cluster = Map.of("bootstrap.servers", settings.bootstrap());
        Broker connected = new Broker(
                new KafkaAdmin(cluster),
                new DefaultKafkaProducerFactory<>(cluster, new ByteArraySerializer(), new ByteArraySerializer()),
                new DefaultKafkaConsumerFactory<byte[], byte[]>(cluster));
        broker = connected;
        Subscription<Event> subscription = new Subscription<>(
                "benchmark",
                settings.name(),
                settings.topic(),
                Subscription.StartPosition.RETAINED,
                new Subscription.Batch(settings.batch(), Duration.ZERO),
                Event::decode,
                settings.handler(),
                Container.class);
        Bounds bounds =
                new Bounds(settings.batch(), Duration.ZERO, 5, FIRST_BACKOFF, LONGEST_BACKOFF, Duration.ofDays(1));
        Set<TopicPartition> partitions = settle(connected, subscription);
        ConsumeMeters meters = new ConsumeMeters(registry, settings.name());
        DeadLetters deadLetters = new DeadLetters(connected, subscription.group());
        scheduler.initialize();
        MessageListenerContainer made = new SubscriptionContainers(connected, "benchmark", scheduler)
                .create(
                        subscription,
                        bounds,
                        goesOn -> new PollThread(
                                new Deliveries<>(
                                        subscription,
                                        bounds,
                                        deadLetters::send,
                                        meters,
                                        Clock.systemUTC(),
                                        new Random(7)),
                                partitions.stream()
                                        .map(TopicPartition::partition)
                                        .collect(Collectors.toSet()),
                                new SubscriptionState(),
                                meters,
                                Clock.systemUTC(),
                                goesOn),
                        ending -> {});
        made.start();
        container = made;
    }

    /** The container's consumer has no place to start at where nothing is committed. */
    private static Set<TopicPartition> settle(Broker broker, Subscription<?> subscription) {
        Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
        broker.ask(admin -> admin.describeTopics(List.of(subscription.topic())).allTopicNames())
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(each ->
                                start.put(new TopicPartition(topic, each.partition()), new OffsetAndMetadata(0))));
        String group = subscription.group().value();
        boolean ran = !broker.ask(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .isEmpty();
        if (!ran) {
            broker.ask(admin -> admin.alterConsumerGroupOffsets(group, start).all());
        }
        return start.keySet();
    }

    @Override
    public Figures figures() {
        return new Figures(
                (int) registry.get("mallstream.consume.held").gauge().value(),
                (int) registry.get("mallstream.consume.held.max").gauge().value(),
                (long) registry.get("mallstream.consume.records")
                        .tag("outcome", "done")
                        .counter()
                        .count());
    }

    @Override
    public void close() {
        if (container != null) {
            container.stop();
        }
        scheduler.destroy();
        if (broker != null) {
            broker.close();
        }
    }
}
