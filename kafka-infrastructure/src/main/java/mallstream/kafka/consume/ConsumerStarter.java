package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Creates the topics, settles each group's position and starts its container, in the background and as often as it takes:
 * the application starts without Kafka, and a subscription that ended comes back.
 */
final class ConsumerStarter implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ConsumerStarter.class);
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration LOST_AGAIN = Duration.ofSeconds(30);

    private final SubscriptionCatalog catalog;
    private final ConsumeSettings settings;
    private final Broker broker;
    private final OwnTopics topics;
    private final StartPositions positions;
    private final Map<String, ConsumeMeters> meters;
    private final Map<String, SubscriptionState> states;
    private final Clock clock;
    private final RandomGenerator random;
    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    private final SubscriptionContainers containers;
    private final Map<String, MessageListenerContainer> running = new HashMap<>();
    private volatile boolean started;

    ConsumerStarter(
            SubscriptionCatalog catalog,
            ConsumeSettings settings,
            Broker broker,
            OwnTopics topics,
            StartPositions positions,
            Map<String, ConsumeMeters> meters,
            String instance,
            Clock clock,
            RandomGenerator random) {
        this.catalog = catalog;
        this.settings = settings;
        this.broker = broker;
        this.topics = topics;
        this.positions = positions;
        this.meters = meters;
        this.states = new TreeMap<>();
        catalog.all().forEach(each -> states.put(each.name(), new SubscriptionState()));
        this.clock = clock;
        this.random = random;
        // At most one task per subscription waits, and one for the topics. Two threads, so that one that waits for a
        // broker which is away does not hold the others.
        scheduler.setPoolSize(2);
        scheduler.setThreadNamePrefix("consumer-start-");
        scheduler.setDaemon(true);
        scheduler.setErrorHandler(e -> log.error("starting consumers failed", e));
        this.containers = new SubscriptionContainers(broker, instance, scheduler);
    }

    @Override
    public synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        scheduler.initialize();
        for (Subscription<?> each : catalog.all()) {
            if (settings.runs(each)) {
                state(each).set(false, "is starting");
            } else {
                state(each).set(true, "does not run in this instance (mallstream.consume.only)");
            }
        }
        later(Duration.ZERO, this::createTopics);
    }

    private void createTopics() {
        List<Subscription<?>> wanted =
                catalog.all().stream().filter(settings::runs).toList();
        try {
            Map<String, String> deadLetters = new TreeMap<>();
            catalog.all().forEach(each -> deadLetters.put(DeadLetters.topic(each.group()), each.topic()));
            topics.create(deadLetters);
        } catch (RuntimeException e) {
            wanted.forEach(each -> waiting(each, e));
            later(AGAIN, this::createTopics);
            return;
        }
        wanted.forEach(each -> later(Duration.ZERO, () -> start(each)));
    }

    private void start(Subscription<?> subscription) {
        try {
            run(subscription, positions.settle(subscription).firstStart());
        } catch (StartPositions.LostOffsets e) {
            String words = String.valueOf(e.getMessage());
            if (!words.equals(state(subscription).condition().words())) {
                log.error("{} {}", subscription.name(), words);
            }
            state(subscription).set(false, words);
            later(LOST_AGAIN, () -> start(subscription));
        } catch (UnknownTopicOrPartitionException e) {
            // The topic was created a moment ago, and not every broker knows it yet.
            state(subscription).set(false, "is starting: its topic is not known to all brokers yet");
            later(SOON, () -> start(subscription));
        } catch (RuntimeException e) {
            waiting(subscription, e);
            later(AGAIN, () -> start(subscription));
        }
    }

    private synchronized <E> void run(Subscription<E> subscription, Map<Integer, Long> firstStart) {
        if (!started) {
            return;
        }
        ConsumeMeters figures = meters.get(subscription.name());
        if (figures == null) {
            throw new IllegalStateException(subscription.name() + " has no meters");
        }
        Bounds bounds = settings.of(subscription);
        SubscriptionState state = state(subscription);
        DeadLetters deadLetters = new DeadLetters(broker, subscription.group());
        MessageListenerContainer container = containers.create(
                subscription,
                bounds,
                goesOn -> new PollThread(
                        new Deliveries<>(subscription, bounds, deadLetters::send, figures, clock, random),
                        firstStart.keySet(),
                        state,
                        figures,
                        clock,
                        goesOn),
                ending -> ended(subscription, ending));
        container.start();
        running.put(subscription.name(), container);
        state.set(true, "runs");
    }

    private void ended(Subscription<?> subscription, SubscriptionContainers.Ending ending) {
        synchronized (this) {
            running.remove(subscription.name());
        }
        state(subscription).partitions(0);
        state(subscription).outage(null);
        if (!started) {
            return;
        }
        Exception thrown = ending.thrown();
        if (thrown == null && ending.reason() == ConsumerStoppedEvent.Reason.NORMAL) {
            state(subscription).set(false, "was stopped");
            return;
        }
        waiting(subscription, thrown);
        later(AGAIN, () -> start(subscription));
    }

    private void waiting(Subscription<?> subscription, @Nullable Exception cause) {
        if (!started) {
            // Whatever was under way when the stop came has failed by it.
            return;
        }
        String words = "waits for Kafka, tries again every " + AGAIN.toSeconds() + " s: "
                + (cause == null ? "the consumer ended" : words(cause));
        if (cause != null && !(cause instanceof KafkaException)) {
            // A mistake of ours or a wrong setting of the client: the words above would not lead anybody to it.
            log.error("{} could not start", subscription.name(), cause);
        }
        if (!words.equals(state(subscription).condition().words())) {
            log.warn("{} {}", subscription.name(), words);
        }
        state(subscription).set(false, words);
    }

    private static String words(Throwable thrown) {
        Throwable root = thrown.getCause() == null ? thrown : thrown.getCause();
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    /** What health says of a subscription of the catalog. */
    SubscriptionState state(String subscription) {
        SubscriptionState state = states.get(subscription);
        if (state == null) {
            throw new IllegalArgumentException(subscription + " is not in the catalog");
        }
        return state;
    }

    private SubscriptionState state(Subscription<?> subscription) {
        return state(subscription.name());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The scheduler's error handler sees what a task throws.
    private synchronized void later(Duration after, Runnable task) {
        if (started) {
            scheduler.schedule(task, clock.instant().plus(after));
        }
    }

    /** Ends the running call of each subscription, commits what is finished and leaves the groups. */
    @Override
    public void stop(Runnable callback) {
        List<MessageListenerContainer> toStop;
        synchronized (this) {
            started = false;
            toStop = List.copyOf(running.values());
            running.clear();
        }
        AtomicInteger left = new AtomicInteger(toStop.size() + 1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                scheduler.destroy();
                callback.run();
            }
        };
        toStop.forEach(each -> each.stop(one));
        one.run();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    /** Last to start and first to stop: what the handlers need is there before and after. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }
}
