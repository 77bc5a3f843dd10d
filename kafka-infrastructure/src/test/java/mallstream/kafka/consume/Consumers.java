package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.TestKafka;
import mallstream.kafka.TopicSettings;
import mallstream.kafka.Tracing;
import mallstream.kafka.consume.core.Budget;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.kafka.core.ConsumerPostProcessor;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.json.JsonMapper;

/** An instance of the application, as far as consumption goes. */
final class Consumers implements AutoCloseable {
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ConsumerStarter starter;
    final ConsumerHealth health;
    final ConsumerControl control;
    private final ControlFollower follower;
    private final ReplayThread replayThread;
    final Budget budget;
    private final Broker broker;

    private Consumers(Like like, List<Subscription<?>> subscriptions, String... settings) {
        MockEnvironment environment = new MockEnvironment();
        subscriptions.forEach(each -> environment
                .withProperty("mallstream.consume." + each.name() + ".backoff.first", "50ms")
                .withProperty("mallstream.consume." + each.name() + ".backoff.longest", "200ms")
                .withProperty("mallstream.consume." + each.name() + ".attempts", "3"));
        for (String setting : settings) {
            int at = setting.indexOf('=');
            environment.setProperty("mallstream.consume." + setting.substring(0, at), setting.substring(at + 1));
        }
        broker = TestKafka.broker(like.bootstrap, quick(like.consumer, settings), like.around);
        SubscriptionCatalog catalog = new SubscriptionCatalog(List.of(() -> subscriptions));
        OwnTopics topics =
                new OwnTopics(broker, new TopicSettings(1, null, null, Duration.ofDays(1), Duration.ofDays(1)));
        ConsumeSettings read = ConsumeSettings.read(new Keys(environment, "mallstream.consume"), catalog);
        budget = new Budget(like.budget, subscriptions.size());
        RunningSubscription.Surroundings surroundings = new RunningSubscription.Surroundings(
                like.application,
                broker,
                new StartPositions(broker, new JsonMapper()),
                new GroupConsumers(broker, like.application, "test-" + System.identityHashCode(this)),
                budget,
                null,
                Tracing.off(),
                like.slowAfter,
                like.watching,
                System::nanoTime,
                Clock.systemUTC(),
                new Random(7));
        follower = new ControlFollower(broker, "test", Clock.systemUTC(), new Random());
        Shared<ReplayState> states = follower.share(ReplayState.PREFIX, ReplayState.class);
        Controls controls = new Controls(follower, Clock.systemUTC(), ConsumeSettings.MOST_IN_FLIGHT);
        Moves moves = new Moves(follower, broker, Clock.systemUTC(), new Random());
        replayThread = new ReplayThread(new ReplayRunner(follower, states, broker, Clock.systemUTC(), ReplayState.CAP));
        List<RunningSubscription<?>> running = new ArrayList<>();
        for (Subscription<?> each : subscriptions) {
            RunningSubscription<?> made = running(each, read, surroundings);
            controls.onChange(each.name(), made::control);
            moves.onOrder(each.name(), made::move);
            running.add(made);
        }
        starter = new ConsumerStarter(read, topics, follower, replayThread, Clock.systemUTC(), running);
        control = new Consumption(
                starter,
                "test",
                controls,
                moves,
                new DeadLetterReader(broker, Clock.systemUTC(), DeadLetterReader.MOST_READ),
                new Replays(follower, states, broker, Clock.systemUTC(), new Random(), ReplayState.CAP));
        health = new ConsumerHealth(starter, broker);
    }

    /** Members of the classic protocol hear of a rebalance at their heartbeats; with KIP-848 the broker sets these. */
    private static Map<String, Object> quick(Map<String, Object> consumer, String... settings) {
        Map<String, Object> quick = new HashMap<>(consumer);
        if (Arrays.stream(settings).noneMatch(each -> each.endsWith("group-protocol=consumer"))) {
            quick.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 300);
        }
        return quick;
    }

    private <E> RunningSubscription<E> running(
            Subscription<E> subscription, ConsumeSettings settings, RunningSubscription.Surroundings surroundings) {
        return new RunningSubscription<>(
                subscription,
                settings.of(subscription),
                surroundings,
                new ConsumeMeters(registry, subscription.name()));
    }

    static Consumers start(Subscription<?> subscription, String... settings) {
        return startAt(TestKafka.bootstrap(), subscription, settings);
    }

    static Consumers startAt(String bootstrap, Subscription<?> subscription, String... settings) {
        return start(Like.USUAL.at(bootstrap), subscription, settings);
    }

    static Consumers start(Like like, Subscription<?> subscription, String... settings) {
        Consumers consumers = new Consumers(like, List.of(subscription), settings);
        consumers.starter.start();
        return consumers;
    }

    static Subscription<String> subscription(
            String topic, Subscription.StartPosition startsAt, Handler<String> handler) {
        return new Subscription<>(
                "test",
                topic,
                topic,
                startsAt,
                new Subscription.Batch(100, Duration.ZERO),
                received -> {
                    String value = new String(received.value(), UTF_8);
                    if (value.startsWith("{")) {
                        throw new Decoder.Malformed("malformed-json");
                    }
                    return value;
                },
                handler,
                Consumers.class);
    }

    static String group(String topic) {
        return "mallstream.test." + topic;
    }

    static String deadLetters(String topic) {
        return group(topic) + ".dlt";
    }

    RunningSubscription<?> running(String subscription) {
        return Objects.requireNonNull(starter.subscriptions().get(subscription));
    }

    String words(String subscription) {
        return running(subscription).words().reason();
    }

    /** What a gauge of the subscription shows; -1: it is not there yet. */
    double gauge(String name) {
        Gauge gauge = registry.find("mallstream.consume." + name).gauge();
        return gauge == null ? -1 : gauge.value();
    }

    /** Waits until this instance serves so many partitions. */
    void serving(String subscription, int partitions) {
        org.awaitility.Awaitility.await("serving " + partitions + " partitions of " + subscription)
                .atMost(Duration.ofSeconds(30))
                .until(() -> running(subscription).partitions() == partitions);
    }

    @Override
    public void close() {
        CountDownLatch stopped = new CountDownLatch(1);
        starter.stop(stopped::countDown);
        try {
            if (!stopped.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("did not stop within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        replayThread.close();
        follower.close();
        broker.close();
    }

    /**
     * Where an instance differs from others.
     *
     * @param bootstrap the cluster
     * @param consumer what stands under {@code spring.kafka.consumer}
     * @param around what is put around each consumer, for faults of the client that a test wants
     * @param budget bytes of all subscriptions
     * @param slowAfter from when on a record counts as slow
     * @param application the application's name
     * @param watching how it watches for strangers
     */
    record Like(
            String bootstrap,
            Map<String, Object> consumer,
            ConsumerPostProcessor<byte[], byte[]> around,
            long budget,
            Duration slowAfter,
            String application,
            Watching watching) {
        static final Like USUAL = new Like(
                TestKafka.bootstrap(),
                Map.of(),
                it -> it,
                64 * 1024 * 1024,
                Duration.ofSeconds(30),
                "test",
                Watching.USUAL);

        Like at(String cluster) {
            return new Like(cluster, consumer, around, budget, slowAfter, application, watching);
        }

        Like consumer(Map<String, Object> settings) {
            return new Like(bootstrap, settings, around, budget, slowAfter, application, watching);
        }

        Like around(ConsumerPostProcessor<byte[], byte[]> wrapper) {
            return new Like(bootstrap, consumer, wrapper, budget, slowAfter, application, watching);
        }

        Like budget(long bytes) {
            return new Like(bootstrap, consumer, around, bytes, slowAfter, application, watching);
        }

        Like slowAfter(Duration time) {
            return new Like(bootstrap, consumer, around, budget, time, application, watching);
        }

        Like application(String name) {
            return new Like(bootstrap, consumer, around, budget, slowAfter, name, watching);
        }

        Like watching(Watching how) {
            return new Like(bootstrap, consumer, around, budget, slowAfter, application, how);
        }
    }

    /** A handler that remembers its calls. */
    static final class Recorder implements Handler<String> {
        final List<List<String>> calls = new CopyOnWriteArrayList<>();
        final List<String> done = new CopyOnWriteArrayList<>();
        private final Function<String, Result> answer;

        /** @param answer what becomes of an event; what it throws fails the whole call */
        Recorder(Function<String, Result> answer) {
            this.answer = answer;
        }

        static Recorder failingOn(String... poison) {
            return new Recorder(event -> {
                if (Arrays.asList(poison).contains(event)) {
                    throw new IllegalStateException("poison " + event);
                }
                return new Result.Done();
            });
        }

        @Override
        public List<Result> handle(List<String> events) {
            calls.add(List.copyOf(events));
            List<Result> results = new ArrayList<>();
            for (String event : events) {
                results.add(answer.apply(event));
            }
            for (int i = 0; i < events.size(); i++) {
                if (results.get(i) instanceof Result.Done) {
                    done.add(events.get(i));
                }
            }
            return results;
        }

        long callsAlone(String event) {
            return calls.stream().filter(List.of(event)::equals).count();
        }

        long callsWith(String event) {
            return calls.stream().filter(each -> each.contains(event)).count();
        }
    }
}
