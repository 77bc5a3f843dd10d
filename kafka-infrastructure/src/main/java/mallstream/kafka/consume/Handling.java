package mallstream.kafka.consume;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.Permitted;
import mallstream.kafka.Topics;
import mallstream.kafka.Tracing;
import mallstream.kafka.consume.core.Answer;
import mallstream.kafka.consume.core.Budget;
import mallstream.kafka.consume.core.Call;
import mallstream.kafka.consume.core.Doom;
import mallstream.kafka.consume.core.Effects;
import mallstream.kafka.consume.core.Ending;
import mallstream.kafka.consume.core.Engine;
import mallstream.kafka.consume.core.Handover;
import mallstream.kafka.consume.core.HeavyHitters;
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
final class Handling<E> implements Effects<ConsumerRecord<byte[], byte[]>>, Work<ConsumerRecord<byte[], byte[]>> {
    private static final Logger log = LoggerFactory.getLogger(Handling.class);
    private static final long LEAST_REST = 1_000_000;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final Outcome DONE = new Outcome.Done();
    private static final Outcome ALREADY_DONE = new Outcome.AlreadyDone();
    private static final Answer ONE_DONE = new Answer.Completed(new Outcome[] {DONE});
    private static final Answer NO_MEMORY = new Answer.Unavailable("memory is used up");
    /** 200 counters: whoever has 1 % of the records is surely told of. */
    private static final int KEYS_COUNTED = 200;

    private static final Duration KEYS_REMEMBERED = Duration.ofSeconds(30);
    private static final int KEYS_SHOWN = 20;
    private static final String UNDECODABLE = "undecodable";
    private static final Outcome UNREACHED = new Outcome.Unreached();

    private final Subscription<E> subscription;
    private final ConsumerGroupId group;
    private final DeadLetters deadLetters;
    private final @Nullable CallGate gate;
    private final Tracing tracing;
    private final ConsumeMeters meters;
    private final LongSupplier nanos;
    private final Clock clock;
    private final Guard lock = new Guard();
    private final Handover<ConsumerRecord<byte[], byte[]>> handover = new Handover<>();
    private final Workers<ConsumerRecord<byte[], byte[]>> workers;
    private final Semaphore bell = new Semaphore(0);
    /** How often the engine was told something; under the lock. */
    private volatile long changes;

    private long changesSeen;
    private volatile boolean awaited;

    private final Engine<ConsumerRecord<byte[], byte[]>> engine;
    private final @Nullable HeavyHitters<Object> hitters;
    private final Failures failures = new Failures();

    /**
     * @param subscription whose records are handled
     * @param settings its bounds
     * @param partitions of the topic; each has a part of {@code max-held} of its own, and so have all replays together
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
            int partitions,
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
        this.group = subscription.group();
        this.deadLetters = deadLetters;
        this.gate = gate;
        this.tracing = tracing;
        this.meters = meters;
        this.nanos = nanos;
        this.clock = clock;
        this.engine = new Engine<>(
                settings.bounds(),
                partitions + 1,
                source -> Topics.isReplay(source.topic()),
                budget,
                owner,
                this,
                random);
        this.hitters = subscription.hotKeys() == null ? null : new HeavyHitters<>(KEYS_COUNTED, KEYS_REMEMBERED);
        if (hitters != null) {
            engine.count(hitters);
        }
        this.workers = new Workers<>("handle-" + subscription.name(), handover, this);
    }

    /** The lock that guards the engine. */
    Lock lock() {
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
            changed();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Under the lock; only the poll thread looks at it without.
    private void changed() {
        changes++;
        meters.tell();
        if (awaited) {
            bell.release();
        }
    }

    /**
     * Waits until somebody has told the engine something since the last time, or so long. For the poll thread, which looks
     * at the client at each turn: a turn for each of thousands of calls a second would keep a core busy, so it rests a
     * little in any case.
     */
    void await(long atMost) {
        try {
            long rest = Math.min(atMost, LEAST_REST);
            bell.drainPermits();
            boolean rung = bell.tryAcquire(rest, NANOSECONDS);
            awaited = true;
            if (!rung && changes == changesSeen) {
                rung = bell.tryAcquire(atMost - rest, NANOSECONDS);
            }
            changesSeen = changes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            awaited = false;
        }
    }

    @Override
    public void begin(Call<ConsumerRecord<byte[], byte[]>> call) {
        handover.begun(call);
    }

    @Override
    public void interrupt(Call<ConsumerRecord<byte[], byte[]>> call) {
        call.interrupt();
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

    @Override
    public void around(Consumer<Delivery.Place> calls) {
        Delivery.Place place = new Delivery.Place();
        ScopedValue.where(Delivery.PLACE, place).run(() -> calls.accept(place));
    }

    @Override
    public void on(Call<ConsumerRecord<byte[], byte[]>> call, Delivery.Place place) {
        place.call = call;
        call.enter(Thread.currentThread());
        Answer found;
        try {
            found = answer(call);
        } catch (Throwable e) {
            // Nothing gets here but what is thrown where memory is used up while that is answered for.
            found = NO_MEMORY;
        }
        call.answer(found);
        call.leave();
        place.call = null;
        // Whether it was meant for this call or the handler left it behind: the next call has nothing to do with it.
        Thread.interrupted();
    }

    private Answer answer(Call<ConsumerRecord<byte[], byte[]>> call) {
        boolean entered = false;
        try {
            if (gate != null) {
                gate.enter();
                entered = true;
            }
            call.started(nanos.getAsLong());
            return tracing.around(subscription.name(), call.records(), Held::record, () -> outcomes(call.records()));
        } catch (InfrastructureUnavailable e) {
            return new Answer.Unavailable(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            return new Answer.Unavailable("the wait for a place in the gate was cut short");
        } catch (OutOfMemoryError e) {
            // Not the record's fault, and calling on would only make it worse.
            return NO_MEMORY;
        } catch (Throwable e) {
            failures.thrown(e);
            return new Answer.Failed(Doom.thrown(e));
        } finally {
            if (entered && gate != null) {
                gate.leave();
            }
        }
    }

    /**
     * Tells the engine what calls have ended. Where another worker has the lock, that one does it when he lets go: so one
     * thread tells what many have done, and none of them waits. Where it is the poll thread, it wakes a worker then, as it has
     * more to do than they.
     */
    @Override
    public void settle() {
        while (handover.ending() && lock.tryLock()) {
            try {
                long now = nanos.getAsLong();
                handover.takeEnded(call -> ended(call, now));
            } finally {
                changed();
                lock.release();
            }
        }
    }

    private void ended(Call<ConsumerRecord<byte[], byte[]>> call, long now) {
        try {
            Answer answer = Objects.requireNonNull(call.answer(), "a call ended without an answer");
            // Here and not where it is called: two threads that count at once cost more than the count.
            meters.batch(call.records().size());
            Engine.Outage before = engine.outage();
            engine.ended(call, answer, now);
            if (answer instanceof Answer.Unavailable) {
                sayOutage(before);
            }
        } catch (RuntimeException | Error e) {
            // It must not take the answers of the others with it.
            log.error("{}: the end of a call could not be told", subscription.name(), e);
        }
    }

    private void sayOutage(Engine.@Nullable Outage before) {
        Engine.Outage outage = engine.outage();
        if (outage != null && !outage.equals(before)) {
            log.warn(
                    "{}: {} since {}, next try at {}",
                    subscription.name(),
                    outage.what(),
                    timeOfDay(outage.since()),
                    timeOfDay(outage.until()));
        }
    }

    /** Guards the engine. Whoever lets go of it and is no worker sees to it that there is one if there is work. */
    private final class Guard extends ReentrantLock {
        private static final long serialVersionUID = 1L;

        @Override
        public void unlock() {
            release();
            if (!isHeldByCurrentThread()) {
                workers.wake();
            }
        }

        void release() {
            super.unlock();
        }
    }

    /** Seconds since the oldest unfinished record was received; 0: everything is finished. */
    double oldestAgeSeconds() {
        return ask(() -> {
            long oldest = engine.oldest();
            return oldest == Long.MAX_VALUE ? 0 : (nanos.getAsLong() - oldest) / 1e9;
        });
    }

    /** The keys with most of the recent records, where they may be shown; to be asked under the lock. */
    List<ConsumerControl.HotKey> hot() {
        HotKeys may = subscription.hotKeys();
        if (may == null || hitters == null) {
            return List.of();
        }
        long now = nanos.getAsLong();
        List<ConsumerControl.HotKey> found = new ArrayList<>();
        for (HeavyHitters.Row<Object> each : hitters.top(KEYS_COUNTED, now)) {
            if (found.size() < KEYS_SHOWN && each.key() instanceof LaneKey key && may.shows(key.text())) {
                found.add(hot(may, key.text(), each, engine.look(key), now));
            }
        }
        return found;
    }

    private static ConsumerControl.HotKey hot(
            HotKeys may, String key, HeavyHitters.Row<Object> row, Engine.KeyLook look, long now) {
        double oldest = look.oldestQueued() == Long.MAX_VALUE ? 0 : (now - look.oldestQueued()) / 1e9;
        return new ConsumerControl.HotKey(
                key,
                row.share(),
                row.perSecond(),
                row.waitMean(),
                Math.max(row.waitLongest(), oldest),
                look.held(),
                row.waitsForItself() ? may.suggestion(key, row) : null);
    }

    /** Whole seconds since the engine's clock showed a time. */
    long secondsSince(long then) {
        return Duration.ofNanos(nanos.getAsLong() - then).toSeconds();
    }

    /** What the engine's clock shows, as a time of day. */
    Instant timeOfDay(long then) {
        return clock.instant().plusNanos(then - nanos.getAsLong());
    }

    private Answer outcomes(List<Held<ConsumerRecord<byte[], byte[]>>> records) {
        return records.size() == 1 ? outcomeOf(records.getFirst()) : outcomesOf(records);
    }

    /** As {@link #outcomesOf}, without what a list of many needs. */
    private Answer outcomeOf(Held<ConsumerRecord<byte[], byte[]>> record) {
        E event;
        try {
            event = subscription.decoder().decode(Decoder.Received.of(record.record(), group));
        } catch (Decoder.Malformed e) {
            return new Answer.Completed(new Outcome[] {refused(e.getMessage(), e)});
        } catch (RuntimeException e) {
            return new Answer.Completed(new Outcome[] {refused(UNDECODABLE, e)});
        }
        List<? extends @Nullable Result> results = handle(List.of(event));
        Outcome outcome = results.isEmpty() ? null : outcome(results.getFirst());
        return outcome instanceof Outcome.Done ? ONE_DONE : new Answer.Completed(new @Nullable Outcome[] {outcome});
    }

    private List<? extends @Nullable Result> handle(List<E> events) {
        List<? extends @Nullable Result> results = subscription.handler().handle(events);
        if (results.size() > events.size()) {
            throw new IllegalStateException(
                    results.size() + " results for " + events.size() + " events: nobody knows which is whose");
        }
        return results;
    }

    private Answer outcomesOf(List<Held<ConsumerRecord<byte[], byte[]>>> records) {
        @Nullable Outcome[] outcomes = new Outcome[records.size()];
        List<E> events = new ArrayList<>(records.size());
        int[] places = new int[records.size()];
        for (int i = 0; i < records.size(); i++) {
            try {
                places[events.size()] = i;
                events.add(subscription
                        .decoder()
                        .decode(Decoder.Received.of(records.get(i).record(), group)));
            } catch (Decoder.Malformed e) {
                outcomes[i] = refused(e.getMessage(), e);
            } catch (RuntimeException e) {
                // A decoder is a function of the bytes: what it throws today it throws tomorrow.
                outcomes[i] = refused(UNDECODABLE, e);
            }
        }
        if (events.isEmpty()) {
            return new Answer.Completed(outcomes);
        }
        List<? extends @Nullable Result> results = handle(events);
        for (int i = 0; i < results.size(); i++) {
            outcomes[places[i]] = outcome(results.get(i));
        }
        // Where the answer ends one event failed; the ones behind it may not have had their turn.
        for (int i = results.size() + 1; i < events.size(); i++) {
            outcomes[places[i]] = UNREACHED;
        }
        return new Answer.Completed(outcomes);
    }

    private static Outcome refused(@Nullable String reason, Exception e) {
        return new Outcome.Refused(new Doom(code(reason), e.getClass().getName()));
    }

    private static @Nullable Outcome outcome(@Nullable Result result) {
        return switch (result) {
            case null -> null;
            case Result.Done ignored -> DONE;
            case Result.AlreadyDone ignored -> ALREADY_DONE;
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
