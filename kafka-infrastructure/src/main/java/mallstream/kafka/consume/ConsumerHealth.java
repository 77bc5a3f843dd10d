package mallstream.kafka.consume;

import java.time.Duration;
import java.util.stream.Stream;
import mallstream.kafka.Broker;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Each subscription and Kafka, with reasons in words. It belongs to no probe: neither is cured by a restart. */
final class ConsumerHealth implements CompositeHealthContributor {
    private static final String KAFKA = "kafka";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ConsumerStarter starter;
    private final Broker broker;

    ConsumerHealth(ConsumerStarter starter, Broker broker) {
        this.starter = starter;
        this.broker = broker;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        return stream()
                .filter(each -> each.name().equals(name))
                .map(Entry::contributor)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Stream<Entry> stream() {
        return Stream.concat(
                Stream.of(new Entry(KAFKA, (HealthIndicator) this::kafka)),
                starter.subscriptions().entrySet().stream()
                        .map(each -> new Entry(each.getKey(), (HealthIndicator) () -> subscription(each.getValue()))));
    }

    private Health kafka() {
        try {
            int nodes = broker.ask(admin -> admin.describeCluster().nodes(), PATIENCE)
                    .size();
            return Health.up().withDetail("brokers", nodes).build();
        } catch (KafkaException e) {
            return Health.down()
                    .withDetail("reason", e.getMessage() + "; sign-ups are kept and sent when it is back")
                    .build();
        }
    }

    private static Health subscription(RunningSubscription<?> subscription) {
        RunningSubscription.Words words = subscription.words();
        return (words.well() ? Health.up() : Health.down())
                .withDetail("state", words.state())
                .withDetail("reason", words.reason())
                .withDetail("group", subscription.subscription().group().value())
                .withDetail("partitions", subscription.partitions())
                .build();
    }
}
