package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import mallstream.kafka.OwnTopics;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Creates the topics and lets each subscription join its group, in the background and as often as it takes: the application
 * starts without Kafka, and a membership that ended begins again.
 */
final class ConsumerStarter implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ConsumerStarter.class);
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration LOST_AGAIN = Duration.ofSeconds(30);

    private final ConsumeSettings settings;
    private final OwnTopics topics;
    private final ControlFollower follower;
    private final ReplayThread replays;
    private final Clock clock;
    private final Map<String, RunningSubscription<?>> subscriptions = new TreeMap<>();
    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean started;
    private volatile @Nullable Runnable stopped;

    /**
     * @param settings of all subscriptions
     * @param topics creates what is missing
     * @param follower follows what operators want; nothing joins before it has caught up
     * @param replays runs replays
     * @param clock the time
     * @param running the subscriptions of the catalog
     */
    ConsumerStarter(
            ConsumeSettings settings,
            OwnTopics topics,
            ControlFollower follower,
            ReplayThread replays,
            Clock clock,
            Iterable<? extends RunningSubscription<?>> running) {
        this.settings = settings;
        this.topics = topics;
        this.follower = follower;
        this.replays = replays;
        this.clock = clock;
        running.forEach(each -> subscriptions.put(each.subscription().name(), each));
        // At most two tasks per subscription wait, and one for the topics. Some threads, so that one that waits for a
        // broker which is away does not hold the others.
        scheduler.setPoolSize(4);
        scheduler.setThreadNamePrefix("consumer-start-");
        scheduler.setDaemon(true);
        // What runs ends by itself within a broker's patience; an interrupt would only be reported as a failure.
        scheduler.setWaitForTasksToCompleteOnShutdown(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        scheduler.setErrorHandler(e -> log.error("starting consumers failed", e));
    }

    /** The subscriptions of the catalog, by name. */
    Map<String, RunningSubscription<?>> subscriptions() {
        return subscriptions;
    }

    @Override
    public synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        scheduler.initialize();
        follower.start();
        replays.start();
        for (RunningSubscription<?> each : subscriptions.values()) {
            each.begin();
            if (runs(each)) {
                each.say("waiting", "is starting");
            } else {
                each.say("off", "does not run in this instance (mallstream.consume.only)");
            }
        }
        later(Duration.ZERO, this::createTopics);
    }

    private boolean runs(RunningSubscription<?> subscription) {
        return settings.runs(subscription.subscription());
    }

    private void createTopics() {
        try {
            Map<String, String> sources = new TreeMap<>();
            subscriptions
                    .values()
                    .forEach(each -> sources.put(
                            each.subscription().group().value(),
                            each.subscription().topic()));
            topics.createFor(sources);
        } catch (RuntimeException e) {
            subscriptions.values().stream().filter(this::runs).forEach(each -> waits(each, e));
            later(AGAIN, this::createTopics);
            return;
        }
        for (RunningSubscription<?> each : subscriptions.values()) {
            if (runs(each)) {
                later(Duration.ZERO, () -> join(each));
                later(each.watchEvery(), () -> watch(each));
            }
        }
    }

    private void join(RunningSubscription<?> subscription) {
        if (!started) {
            return;
        }
        open.incrementAndGet();
        try {
            // What an operator has paused must not run for a moment after each restart.
            follower.awaitCaughtUp();
            boolean joined = subscription.join((membership, thrown) -> {
                again(subscription, thrown);
                close();
            });
            if (joined) {
                return;
            }
        } catch (StartPositions.LostOffsets e) {
            stopped(subscription, String.valueOf(e.getMessage()));
            later(LOST_AGAIN, () -> join(subscription));
        } catch (OtherOwner e) {
            stopped(subscription, String.valueOf(e.getMessage()));
            later(subscription.watchEvery(), () -> join(subscription));
        } catch (UnknownTopicOrPartitionException e) {
            // The topic was created a moment ago, and not every broker knows it yet.
            subscription.say("waiting", "is starting: its topic is not known to all brokers yet");
            later(SOON, () -> join(subscription));
        } catch (RuntimeException e) {
            waits(subscription, e);
            later(AGAIN, () -> join(subscription));
        }
        close();
    }

    private void again(RunningSubscription<?> subscription, @Nullable Throwable thrown) {
        boolean atOnce = subscription.ended(thrown);
        if (!started) {
            return;
        }
        if (!atOnce) {
            waits(subscription, thrown);
        }
        later(atOnce ? Duration.ZERO : AGAIN, () -> join(subscription));
    }

    private void watch(RunningSubscription<?> subscription) {
        try {
            subscription.watch();
        } catch (KafkaException e) {
            log.debug(
                    "{}: the look at its group failed",
                    subscription.subscription().name(),
                    e);
        } finally {
            later(subscription.watchEvery(), () -> watch(subscription));
        }
    }

    private static void stopped(RunningSubscription<?> subscription, String words) {
        if (!words.equals(subscription.words().reason())) {
            log.error("{} {}", subscription.subscription().name(), words);
        }
        subscription.say("stopped", words);
    }

    private void waits(RunningSubscription<?> subscription, @Nullable Throwable cause) {
        if (!started) {
            // Whatever was under way when the stop came has failed by it.
            return;
        }
        String words = "waits for Kafka, tries again every " + AGAIN.toSeconds() + " s: "
                + (cause == null ? "the consumer ended" : words(cause));
        if (cause != null && !(cause instanceof KafkaException)) {
            // A mistake of ours or a wrong setting of the client: the words above would not lead anybody to it.
            log.error("{} ended", subscription.subscription().name(), cause);
        }
        if (!words.equals(subscription.words().reason())) {
            log.warn("{} {}", subscription.subscription().name(), words);
        }
        subscription.say("waiting", words);
    }

    private static String words(Throwable thrown) {
        Throwable root = thrown.getCause() == null ? thrown : thrown.getCause();
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The scheduler's error handler sees what a task throws.
    private synchronized void later(Duration after, Runnable task) {
        if (started) {
            scheduler.schedule(task, clock.instant().plus(after));
        }
    }

    /** Drains each subscription, commits what is finished and leaves the groups. */
    @Override
    public void stop(Runnable callback) {
        stopped = callback;
        open.incrementAndGet();
        synchronized (this) {
            started = false;
        }
        subscriptions.values().forEach(RunningSubscription::stop);
        close();
    }

    private void close() {
        if (open.decrementAndGet() == 0 && !started) {
            Runnable callback = stopped;
            if (callback != null) {
                stopped = null;
                scheduler.destroy();
                callback.run();
            }
        }
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
