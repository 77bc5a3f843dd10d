package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.Permitted;
import mallstream.kafka.Tracing;
import mallstream.kafka.consume.core.Budget;
import mallstream.kafka.consume.core.Call;
import mallstream.kafka.consume.core.Doom;
import mallstream.kafka.consume.core.Effects;
import mallstream.kafka.consume.core.Ending;
import mallstream.kafka.consume.core.Engine;
import mallstream.kafka.consume.core.Held;
import mallstream.kafka.consume.core.Outcome;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of one subscription with the threads that its calls run on. It lives as long as the application, over all
 * memberships: a call that outlives its membership still keeps its key from being handled twice at the same time.
 *
 * @param <E> the event's type
 */
final class Handling<E> implements Effects<ConsumerRecord<byte[], byte[]>> {
    private static final Logger log = LoggerFactory.getLogger(Handling.class);
    private static final long LEAST_REST = 1_000_000;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final Subscription<E> subscription;
    private final DeadLetters deadLetters;
    private final @Nullable CallGate gate;
    private final Tracing tracing;
    private final ConsumeMeters meters;
    private final LongSupplier nanos;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Both under the lock. */
    private long changes;

    private long changesSeen;
    private final Engine<ConsumerRecord<byte[], byte[]>> engine;
    private final Failures failures = new Failures();

    /**
     * @param subscription whose records are handled
     * @param settings its bounds
     * @param parties how many partitions share {@code max-held}
     * @param budget its part of the bytes of this JVM
     * @param owner who we are
     * @param deadLetters where records go that can't be handled
     * @param gate what calls pass before they begin; null: nothing
     * @param tracing follows traces into calls, where that is on
     * @param meters its figures
     * @param nanos the engine's clock
     * @param clock the time of day, for words
     * @param random spreads back-offs
     */
    Handling(
            Subscription<E> subscription,
            ConsumeSettings.Of settings,
            int parties,
            Budget.Part budget,
            String owner,
            DeadLetters deadLetters,
            @Nullable CallGate gate,
            Tracing tracing,
            ConsumeMeters meters,
            LongSupplier nanos,
            Clock clock,
            RandomGenerator random) {
        this.subscription = subscription;
        this.deadLetters = deadLetters;
        this.gate = gate;
        this.tracing = tracing;
        this.meters = meters;
        this.nanos = nanos;
        this.clock = clock;
        this.engine = new Engine<>(settings.bounds(), parties, budget, owner, this, random);
    }

    /** The lock that guards the engine. */
    ReentrantLock lock() {
        return lock;
    }

    /** The engine; to be touched under the lock only. */
    Engine<ConsumerRecord<byte[], byte[]>> engine() {
        return engine;
    }

    /** Asks the engine under the lock. */
    <T> T ask(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /** Tells the engine something under the lock, and wakes the poll thread. */
    void tell(Runnable news) {
        lock.lock();
        try {
            news.run();
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until somebody has told the engine something since the last time, or so long. For the poll thread, which looks
     * at the client at each turn: a turn for each of thousands of calls a second would keep a core busy, so it rests a
     * little in any case.
     */
    void await(long atMost) {
        lock.lock();
        try {
            long left = atMost;
            while (left > 0 && (changes == changesSeen || left > atMost - LEAST_REST)) {
                left = changed.awaitNanos(left);
            }
            changesSeen = changes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Permitted(reason = "a virtual thread per call; the engine bounds the calls by max-in-flight")
    public void begin(Call<ConsumerRecord<byte[], byte[]>> call) {
        call.thread(Thread.ofVirtual().name("handle-" + subscription.name()).start(() -> handle(call)));
    }

    @Override
    public void interrupt(Call<ConsumerRecord<byte[], byte[]>> call) {
        Thread worker = call.thread();
        if (worker != null) {
            worker.interrupt();
        }
    }

    @Override
    @Permitted(reason = "a virtual thread per dead letter on its way; they are held records, which max-held bounds")
    public void bury(Held<ConsumerRecord<byte[], byte[]>> record, Doom doom) {
        Thread.ofVirtual().name("bury-" + subscription.name()).start(() -> {
            try {
                Broker.confirm(deadLetters.send(
                        record.record(), new DeadLetters.Why(doom.reason(), doom.className()), record.attempts()));
                meters.deadLetter(doom.reason());
                tell(() -> engine.buried(record, nanos.getAsLong()));
            } catch (RuntimeException e) {
                failures.deadLetterNotTaken(e);
                tell(() -> engine.burialFailed(record, nanos.getAsLong()));
            }
        });
    }

    @Override
    public void finished(Held<ConsumerRecord<byte[], byte[]>> record, Ending ending) {
        meters.finished(ending);
        if (ending == Ending.DEAD_LETTER) {
            failures.deadLetter();
        }
    }

    @Override
    public void retried(Held<ConsumerRecord<byte[], byte[]>> record) {
        meters.retry();
        failures.attempt();
    }

    @Override
    public void closed(Call<ConsumerRecord<byte[], byte[]>> call) {
        Held<ConsumerRecord<byte[], byte[]>> first = call.records().getFirst();
        log.error(
                "{}: a call does not end, though it was interrupted; its keys wait for it. {} records from {} offset {} on",
                subscription.name(),
                call.records().size(),
                first.source(),
                first.offset());
    }

    private void handle(Call<ConsumerRecord<byte[], byte[]>> call) {
        boolean entered = false;
        Runnable news;
        try {
            if (gate != null) {
                gate.enter();
                entered = true;
            }
            ask(() -> {
                engine.started(call, nanos.getAsLong());
                return true;
            });
            @Nullable
            Outcome[] outcomes = ScopedValue.where(Delivery.CURRENT, new Delivery(call))
                    .call(() -> tracing.around(
                            subscription.name(), call.records(), Held::record, () -> outcomes(call.records())));
            news = () -> engine.completed(call, outcomes, nanos.getAsLong());
        } catch (InfrastructureUnavailable e) {
            news = away(call, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            news = away(call, "the wait for a place in the gate was cut short");
        } catch (OutOfMemoryError e) {
            // Not the record's fault, and calling on would only make it worse.
            news = away(call, "memory is used up");
        } catch (Throwable e) {
            failures.thrown(e);
            news = () -> engine.failed(call, Doom.thrown(e), nanos.getAsLong());
        } finally {
            // Before the engine hears of it: an interrupt for this call must not meet what the thread does next.
            call.thread(null);
            if (entered && gate != null) {
                gate.leave();
            }
        }
        tell(news);
    }

    private Runnable away(Call<ConsumerRecord<byte[], byte[]>> call, String what) {
        return () -> {
            Engine.Outage before = engine.outage();
            long now = nanos.getAsLong();
            engine.unavailable(call, what, now);
            Engine.Outage outage = engine.outage();
            if (outage != null && !outage.equals(before)) {
                log.warn(
                        "{}: {} since {}, next try at {}",
                        subscription.name(),
                        what,
                        timeOfDay(outage.since()),
                        timeOfDay(outage.until()));
            }
        };
    }

    /** Seconds since the oldest unfinished record was received; 0: everything is finished. */
    double oldestAgeSeconds() {
        return ask(() -> {
            long oldest = engine.oldest();
            return oldest == Long.MAX_VALUE ? 0 : (nanos.getAsLong() - oldest) / 1e9;
        });
    }

    /** Whole seconds since the engine's clock showed a time. */
    long secondsSince(long then) {
        return Duration.ofNanos(nanos.getAsLong() - then).toSeconds();
    }

    /** What the engine's clock shows, as a time of day. */
    Instant timeOfDay(long then) {
        return clock.instant().plusNanos(then - nanos.getAsLong());
    }

    private @Nullable Outcome[] outcomes(List<Held<ConsumerRecord<byte[], byte[]>>> records) {
        @Nullable Outcome[] outcomes = new Outcome[records.size()];
        List<E> events = new ArrayList<>(records.size());
        int[] places = new int[records.size()];
        for (int i = 0; i < records.size(); i++) {
            try {
                places[events.size()] = i;
                events.add(subscription
                        .decoder()
                        .decode(Decoder.Received.of(records.get(i).record(), subscription.group())));
            } catch (Decoder.Malformed e) {
                outcomes[i] = refused(e.getMessage(), e);
            } catch (RuntimeException e) {
                // A decoder is a function of the bytes: what it throws today it throws tomorrow.
                outcomes[i] = refused("undecodable", e);
            }
        }
        if (events.isEmpty()) {
            return outcomes;
        }
        meters.batch(events.size());
        List<? extends @Nullable Result> results = subscription.handler().handle(events);
        if (results.size() > events.size()) {
            throw new IllegalStateException(
                    results.size() + " results for " + events.size() + " events: nobody knows which is whose");
        }
        for (int i = 0; i < results.size(); i++) {
            outcomes[places[i]] = outcome(results.get(i));
        }
        // Where the answer ends one event failed; the ones behind it may not have had their turn.
        for (int i = results.size() + 1; i < events.size(); i++) {
            outcomes[places[i]] = new Outcome.Unreached();
        }
        return outcomes;
    }

    private static Outcome refused(@Nullable String reason, Exception e) {
        return new Outcome.Refused(new Doom(code(reason), e.getClass().getName()));
    }

    private static @Nullable Outcome outcome(@Nullable Result result) {
        return switch (result) {
            case null -> null;
            case Result.Done ignored -> new Outcome.Done();
            case Result.AlreadyDone ignored -> new Outcome.AlreadyDone();
            case Result.Refused refused ->
                new Outcome.Refused(new Doom(code(refused.reason()), Result.Refused.class.getName()));
            case Result.TryLater later -> new Outcome.TryLater(later.after().toNanos());
        };
    }

    /** A reason becomes a header and a tag of a metric, so what is no short code is not repeated. */
    private static String code(@Nullable String reason) {
        return reason != null && reason.matches("[a-z0-9][a-z0-9.-]{0,63}") ? reason : "unnamed";
    }

    /** Writes what has failed, at most once in a while; for the poll thread. */
    void sayFailures() {
        failures.say();
    }

    /** One line in a while: a line per failure would be a flood when everything fails. */
    private final class Failures {
        private final AtomicLong attempts = new AtomicLong();
        private final AtomicLong letters = new AtomicLong();
        private volatile @Nullable Throwable last;
        private volatile boolean any;
        private long saidAt = Long.MIN_VALUE;

        void attempt() {
            attempts.incrementAndGet();
            any = true;
        }

        void deadLetter() {
            letters.incrementAndGet();
            any = true;
        }

        void thrown(Throwable thrown) {
            last = thrown;
        }

        void deadLetterNotTaken(RuntimeException e) {
            last = e;
            any = true;
        }

        void say() {
            long now = nanos.getAsLong();
            if (!any || (saidAt != Long.MIN_VALUE && now - saidAt < BETWEEN_LINES.toNanos())) {
                return;
            }
            saidAt = now;
            any = false;
            Throwable thrown = last;
            last = null;
            // The message of an exception may repeat what the event holds, so only its class and place are written.
            log.warn(
                    "{}: {} failed attempts, {} dead letters, last failure: {}",
                    subscription.name(),
                    attempts.getAndSet(0),
                    letters.getAndSet(0),
                    thrown == null ? "named by the handler or the decoder" : place(thrown));
        }

        private static String place(Throwable thrown) {
            StackTraceElement[] trace = thrown.getStackTrace();
            return thrown.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        }
    }
}
