package mallstream.kafka.consume;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.BudgetSettings;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.consume.core.Budget;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ConsumeConfiguration {
    private static final Duration SLOW = Duration.ofSeconds(30);

    @Bean
    SubscriptionCatalog subscriptionCatalog(List<Subscriptions> offers) {
        return new SubscriptionCatalog(offers);
    }

    @Bean
    ConsumeSettings consumeSettings(Environment environment, SubscriptionCatalog catalog) {
        return ConsumeSettings.read(new Keys(environment, "mallstream.consume"), catalog);
    }

    @Bean
    ConsumerStarter consumerStarter(
            Environment environment,
            SubscriptionCatalog catalog,
            ConsumeSettings settings,
            BudgetSettings budget,
            CallGate gate,
            Broker broker,
            OwnTopics topics,
            MeterRegistry registry,
            Clock clock,
            RandomGenerator random) {
        long running = catalog.all().stream().filter(settings::runs).count();
        long origin = System.nanoTime();
        RunningSubscription.Shared shared = new RunningSubscription.Shared(
                environment.getProperty("spring.application.name", "mallstream"),
                broker,
                new StartPositions(broker, new JsonMapper()),
                new GroupConsumers(broker, instance()),
                new Budget(budget.bytes().toBytes(), (int) Math.max(1, running)),
                gate,
                SLOW,
                () -> System.nanoTime() - origin,
                clock,
                random);
        return new ConsumerStarter(
                settings,
                topics,
                shared,
                catalog.all().stream()
                        .map(each -> running(each, settings, shared, registry))
                        .toList());
    }

    private static <E> RunningSubscription<E> running(
            Subscription<E> subscription,
            ConsumeSettings settings,
            RunningSubscription.Shared shared,
            MeterRegistry registry) {
        return new RunningSubscription<>(
                subscription, settings.of(subscription), shared, new ConsumeMeters(registry, subscription.name()));
    }

    /** Its name makes it {@code consumers} under {@code /actuator/health}. */
    @Bean
    ConsumerHealth consumersHealthContributor(ConsumerStarter starter, Broker broker) {
        return new ConsumerHealth(starter, broker);
    }

    /** Host and process: unique where instances share a host, and where each has a container of its own. */
    static String instance() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return host + "-" + ProcessHandle.current().pid();
    }
}
