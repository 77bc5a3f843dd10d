package mallstream.benchmarks.incidents;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mallstream.benchmarks.Event;
import mallstream.benchmarks.engine.House;
import mallstream.kafka.consume.ConsumerControl;
import mallstream.kafka.consume.ConsumerControl.ConsumerView;
import mallstream.kafka.consume.ConsumerGroupId;
import mallstream.kafka.consume.Handler;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import mallstream.kafka.consume.Subscriptions;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** A service with one subscription of the engine, wired and bound as the application does it. */
final class Engine implements AutoCloseable {
    private static final String DOMAIN = "incidents";

    private final String name;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    /**
     * Starts it.
     *
     * @param bootstrap where the broker is
     * @param name of the subscription
     * @param topic what it reads
     * @param batch most events of a call
     * @param settings those of {@code mallstream.consume.<name>}, and others by their whole name
     * @param handler where the events go
     */
    Engine(
            String bootstrap,
            String name,
            String topic,
            int batch,
            Map<String, Object> settings,
            Handler<Event> handler) {
        this.name = name;
        Subscription<Event> subscription = new Subscription<>(
                DOMAIN,
                name,
                topic,
                Subscription.StartPosition.RETAINED,
                new Subscription.Batch(batch, Duration.ZERO),
                received -> Event.of(received.value()),
                handler,
                Engine.class,
                false,
                null,
                null);
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.application.name", "mallstream");
        properties.put("spring.kafka.bootstrap-servers", bootstrap);
        settings.forEach((key, value) ->
                properties.put(key.startsWith("spring.") ? key : "mallstream.consume." + name + "." + key, value));
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("incidents", properties));
        context.registerBean(Subscriptions.class, () -> () -> List.of(subscription));
        context.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
        context.register(KafkaAutoConfiguration.class, House.class);
        context.refresh();
    }

    /**
     * A handler that gets one event after the other.
     *
     * @param each what is done with an event
     */
    static Handler<Event> one(Consumer<Event> each) {
        return events -> {
            events.forEach(each);
            return done(events.size());
        };
    }

    /** So many results, all done. */
    static List<Result> done(int count) {
        return Collections.nCopies(count, new Result.Done());
    }

    /** The group of the subscription of that name. */
    static String group(String name) {
        return ConsumerGroupId.of(DOMAIN, name).value();
    }

    /** What health and {@code GET /actuator/consumers/<name>} say, with the members of the group. */
    ConsumerView view() {
        return context.getBean(ConsumerControl.class).consumer(name);
    }

    /** The same without the members, for which the broker would be asked. */
    ConsumerView quickView() {
        return context.getBean(ConsumerControl.class).consumers().getFirst();
    }

    /** Stops it in good order, as a deployment does. */
    @Override
    public void close() {
        context.close();
    }
}
