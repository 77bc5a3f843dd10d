package mallstream.benchmarks.conformance;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import mallstream.benchmarks.engine.House;
import mallstream.conformance.Oracle;
import mallstream.conformance.Protocol;
import mallstream.conformance.Scenario;
import mallstream.conformance.Setup;
import mallstream.conformance.Subject;
import mallstream.kafka.consume.ConsumerControl;
import mallstream.kafka.consume.ConsumerControl.OffsetTarget;
import mallstream.kafka.consume.ConsumerGroupId;
import mallstream.kafka.consume.Decoder;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import mallstream.kafka.consume.Subscriptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** The engine, wired by its own configuration and steered by its own settings and control. */
public final class EngineSubject implements Subject {
    private static final String DOMAIN = "benchmark";
    private static final String LOSS = "Retention that overtakes a group is a loss that a person has to judge: the"
            + " subscription stops, and health says what is gone. Javadoc of StartPositions.LostOffsets.";

    @Override
    public String name() {
        return "mallstream";
    }

    @Override
    public String group(String topic) {
        return group(DOMAIN, topic);
    }

    private static String group(String domain, String name) {
        return ConsumerGroupId.of(domain, name).value();
    }

    @Override
    public @Nullable String notClaimed(Scenario scenario, Protocol protocol, Oracle oracle) {
        return oracle == Oracle.ALONE ? LOSS : null;
    }

    @Override
    public Member start(Setup setup) {
        Subscription<Decoder.Received> subscription = new Subscription<>(
                DOMAIN,
                setup.topic(),
                setup.topic(),
                Subscription.StartPosition.RETAINED,
                new Subscription.Batch(1, Duration.ZERO),
                received -> received,
                events -> handle(events, setup.handler()),
                EngineSubject.class,
                false,
                null,
                null);
        Map<String, Object> settings = new HashMap<>();
        settings.put("spring.application.name", "benchmark");
        settings.put("spring.kafka.bootstrap-servers", setup.bootstrap());
        String prefix = "mallstream.consume." + setup.topic() + ".";
        settings.put(prefix + "group-protocol", setup.protocol().word());
        settings.put(prefix + "max-in-flight", setup.inFlight());
        settings.put(prefix + "max-held", setup.held());
        settings.put(prefix + "attempts", setup.attempts());
        settings.put(prefix + "backoff.first", "200ms");
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("conformance", settings));
        context.registerBean(Subscriptions.class, () -> () -> List.of(subscription));
        context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
        context.registerBean(ConsumerFactory.class, () -> new Tapped(setup));
        context.register(KafkaAutoConfiguration.class, House.class);
        context.refresh();
        return new Instance(context, setup.topic());
    }

    private static List<Result> handle(List<Decoder.Received> events, Handler handler) {
        try {
            for (Decoder.Received each : events) {
                handler.handle(each.partition(), each.offset(), String.valueOf(each.key()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        return List.of(new Result.Done());
    }

    /** An instance of the application, as far as consumption goes. */
    private record Instance(AnnotationConfigApplicationContext context, String name) implements Member {
        private ConsumerControl control() {
            return context.getBean(ConsumerControl.class);
        }

        @Override
        public void pause() {
            control().pause(name, "conformance");
        }

        @Override
        public void resume() {
            control().resume(name, "conformance");
        }

        @Override
        public boolean move(Map<Integer, Long> to) {
            to.forEach((partition, offset) ->
                    control().offsets(name, new OffsetTarget(partition, offset, null), false, "conformance"));
            return true;
        }

        @Override
        public void close() {
            context.close();
        }
    }

    /** Watched, and with a client id per member: an application has only one in its process. */
    private static final class Tapped extends DefaultKafkaConsumerFactory<byte[], byte[]> {
        private final String member;

        Tapped(Setup setup) {
            super(settings(setup));
            member = setup.member();
            addPostProcessor(setup.tap()::around);
        }

        private static Map<String, Object> settings(Setup setup) {
            Map<String, Object> settings = setup.common();
            settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, setup.bootstrap());
            return settings;
        }

        @Override
        public Consumer<byte[], byte[]> createConsumer(
                @Nullable String group,
                @Nullable String prefix,
                @Nullable String suffix,
                @Nullable Properties properties) {
            return super.createConsumer(group, prefix + "-" + member, suffix, properties);
        }
    }
}
