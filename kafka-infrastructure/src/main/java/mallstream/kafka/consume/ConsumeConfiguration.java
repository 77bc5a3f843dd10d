package mallstream.kafka.consume;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.BudgetSettings;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.Tracing;
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
    ControlFollower controlFollower(Broker broker, Clock clock, RandomGenerator random) {
        return new ControlFollower(broker, instance(), clock, random);
    }

    @Bean
    Shared<ReplayState> replayStates(ControlFollower follower) {
        return follower.share(ReplayState.PREFIX, ReplayState.class);
    }

    @Bean
    Controls controls(ControlFollower follower, Clock clock) {
        return new Controls(follower, clock, ConsumeSettings.MOST_IN_FLIGHT);
    }

    @Bean
    Moves moves(ControlFollower follower, Broker broker, Clock clock, RandomGenerator random) {
        return new Moves(follower, broker, clock, random);
    }

    @Bean
    ReplayThread replayThread(ControlFollower follower, Shared<ReplayState> states, Broker broker, Clock clock) {
        return new ReplayThread(new ReplayRunner(follower, states, broker, clock, ReplayState.CAP));
    }

    @Bean
    ConsumerStarter consumerStarter(
            Environment environment,
            SubscriptionCatalog catalog,
            ConsumeSettings settings,
            BudgetSettings budget,
            CallGate gate,
            Tracing tracing,
            Broker broker,
            OwnTopics topics,
            ControlFollower follower,
            ReplayThread replays,
            Controls controls,
            Moves moves,
            MeterRegistry registry,
            Clock clock,
            RandomGenerator random) {
        long running = catalog.all().stream().filter(settings::runs).count();
        String application = environment.getProperty("spring.application.name", "mallstream");
        GroupConsumers consumers = new GroupConsumers(broker, application, instance());
        catalog.all().stream()
                .filter(settings::runs)
                .map(each -> settings.of(each).protocol())
                .forEach(consumers::refuseWrongSettings);
        long origin = System.nanoTime();
        RunningSubscription.Surroundings surroundings = new RunningSubscription.Surroundings(
                application,
                broker,
                new StartPositions(broker, new JsonMapper()),
                consumers,
                new Budget(budget.bytes().toBytes(), (int) Math.max(1, running)),
                gate,
                tracing,
                SLOW,
                Watching.USUAL,
                () -> System.nanoTime() - origin,
                clock,
                random);
        List<RunningSubscription<?>> subscriptions = new ArrayList<>();
        for (Subscription<?> each : catalog.all()) {
            RunningSubscription<?> made = running(each, settings, surroundings, registry);
            controls.onChange(each.name(), made::control);
            moves.onOrder(each.name(), made::move);
            subscriptions.add(made);
        }
        return new ConsumerStarter(settings, topics, follower, replays, clock, subscriptions);
    }

    private static <E> RunningSubscription<E> running(
            Subscription<E> subscription,
            ConsumeSettings settings,
            RunningSubscription.Surroundings surroundings,
            MeterRegistry registry) {
        return new RunningSubscription<>(
                subscription,
                settings.of(subscription),
                surroundings,
                new ConsumeMeters(registry, subscription.name()));
    }

    @Bean
    ConsumerControl consumerControl(
            ConsumerStarter starter,
            ControlFollower follower,
            Shared<ReplayState> states,
            Controls controls,
            Moves moves,
            Broker broker,
            Clock clock,
            RandomGenerator random) {
        return new Consumption(
                starter,
                instance(),
                controls,
                moves,
                new DeadLetterReader(broker, clock, DeadLetterReader.MOST_READ),
                new Replays(follower, states, broker, clock, random, ReplayState.CAP));
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
