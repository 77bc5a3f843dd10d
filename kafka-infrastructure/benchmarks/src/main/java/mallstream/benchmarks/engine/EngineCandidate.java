package mallstream.benchmarks.engine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mallstream.benchmarks.Candidate;
import mallstream.benchmarks.Event;
import mallstream.kafka.consume.Subscription;
import mallstream.kafka.consume.Subscriptions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * The engine, wired by its own configuration and bound by its own settings: nothing is measured that the application does
 * not do.
 */
public final class EngineCandidate implements Candidate {
    /** The application's name; with the subscription it is the owner of the group. */
    private static final String APPLICATION = "benchmark";

    private static final String DOMAIN = "benchmark";

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private @Nullable AnnotationConfigApplicationContext context;

    /**
     * Who its commits are stamped with.
     *
     * @param name of the subscription
     */
    public static String owner(String name) {
        return APPLICATION + ":" + DOMAIN + "." + name;
    }

    @Override
    public void start(Settings settings) {
        Subscription<Event> subscription = new Subscription<>(
                DOMAIN,
                settings.name(),
                settings.topic(),
                Subscription.StartPosition.RETAINED,
                new Subscription.Batch(settings.batch(), Duration.ZERO),
                Event::decode,
                settings.handler(),
                EngineCandidate.class,
                false,
                null);
        String prefix = "mallstream.consume." + settings.name() + ".";
        AnnotationConfigApplicationContext made = new AnnotationConfigApplicationContext();
        made.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "benchmark",
                        Map.of(
                                "spring.application.name",
                                APPLICATION,
                                "spring.kafka.bootstrap-servers",
                                settings.bootstrap(),
                                prefix + "max-in-flight",
                                settings.maxInFlight(),
                                prefix + "max-held",
                                settings.maxHeld())));
        made.registerBean(Subscriptions.class, () -> () -> List.of(subscription));
        made.registerBean(MeterRegistry.class, () -> registry);
        made.register(KafkaAutoConfiguration.class, House.class);
        made.refresh();
        context = made;
    }

    @Override
    public Figures figures() {
        Counter done = registry.find("mallstream.consume.records")
                .tag("outcome", "done")
                .counter();
        return new Figures(
                gauge("mallstream.consume.held"),
                gauge("mallstream.consume.held.max"),
                done == null ? 0 : (long) done.count());
    }

    /** The engine shows itself when it knows the topic; nothing is held before. */
    private int gauge(String name) {
        Gauge gauge = registry.find(name).gauge();
        return gauge == null ? 0 : (int) gauge.value();
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }
}
