package mallstream.benchmarks.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mallstream.benchmarks.Candidate;
import mallstream.benchmarks.Job;
import mallstream.benchmarks.Received;
import mallstream.kafka.consume.Decoder;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import mallstream.kafka.consume.Subscriptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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

    private static final Result DONE = new Result.Done();
    private static final List<Result> ONE_DONE = List.of(DONE);

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
        Job job = settings.job();
        boolean batches = settings.options().containsKey("batch.max-size");
        Subscription<byte[]> subscription = new Subscription<>(
                DOMAIN,
                settings.name(),
                settings.topic(),
                Subscription.StartPosition.RETAINED,
                new Subscription.Batch(1, Duration.ZERO),
                Decoder.Received::value,
                batches ? values -> all(job, values) : values -> one(job, values),
                EngineCandidate.class,
                false,
                null,
                null);
        String prefix = "mallstream.consume." + settings.name() + ".";
        Map<String, Object> properties = new HashMap<>(Map.of(
                "spring.application.name",
                APPLICATION,
                "spring.kafka.bootstrap-servers",
                settings.bootstrap(),
                "spring.kafka.consumer.properties." + ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                Received.class.getName(),
                prefix + "max-in-flight",
                settings.maxInFlight(),
                prefix + "max-held",
                settings.maxHeld()));
        settings.options().forEach((name, value) -> properties.put(prefix + name, value));
        AnnotationConfigApplicationContext made = new AnnotationConfigApplicationContext();
        made.getEnvironment().getPropertySources().addFirst(new MapPropertySource("benchmark", properties));
        made.registerBean(Subscriptions.class, () -> () -> List.of(subscription));
        made.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
        made.register(KafkaAutoConfiguration.class, House.class);
        made.refresh();
        context = made;
    }

    private static List<Result> one(Job job, List<byte[]> values) {
        job.work(values.getFirst());
        return ONE_DONE;
    }

    private static List<Result> all(Job job, List<byte[]> values) {
        job.work(values);
        return Collections.nCopies(values.size(), DONE);
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }
}
