package mallstream.kafka.consume.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One turn of the poll loop, and what happens when partitions come and go. It is called by one thread only; what it asks of
 * the engine it asks under the lock, what it asks of the client it asks outside of it, so that calls end and begin while the
 * client is busy.
 *
 * <p>Nothing here waits for a handler, but for the drain of a revocation, which has a budget.
 *
 * @param <R> the records
 */
public final class Loop<R> {
    /** A poll ends by itself when records come; the bound is for what has to be looked after between polls. */
    private static final long LONGEST_POLL = 50_000_000;
    /** Where some partitions rest for lack of room, room may come at any moment, and no record will end the poll. */
    private static final long POLL_WHILE_SOME_REST = 5_000_000;

    private static final long LONGEST_IDLE = 20_000_000;
    private static final long REPLAYS_EVERY = 1_000_000_000;
    private static final long REPLAYS_FOR = 100_000_000;

    private final Engine<R> engine;
    private final Client<R> client;
    private final Idle idle;
    private final Lock lock;
    private final LongSupplier clock;
    private final long commitEvery;
    private final long drain;

    private boolean committing;
    private long committedAt;
    private boolean allFinished;
    private long replaysFrom;

    /**
     * @param engine the decisions
     * @param client the broker's client
     * @param idle how to wait for calls to end
     * @param lock guards the engine
     * @param clock nanoseconds that never go back
     * @param commitEvery nanoseconds between commits
     * @param drain how long a revocation may wait for calls to end, in nanoseconds
     */
    public Loop(
            Engine<R> engine,
            Client<R> client,
            Idle idle,
            Lock lock,
            LongSupplier clock,
            long commitEvery,
            long drain) {
        this.engine = engine;
        this.client = client;
        this.idle = idle;
        this.lock = lock;
        this.clock = clock;
        this.commitEvery = commitEvery;
        this.drain = drain;
        this.committedAt = clock.getAsLong();
        this.replaysFrom = clock.getAsLong();
    }

    /** Commits what is due, polls once, and hands over what came. */
    public void turn() {
        long now = clock.getAsLong();
        Set<Source> fetchable;
        boolean someRest;
        long next;
        lock.lock();
        try {
            engine.tick(now);
            fetchable = engine.fetchable();
            if (!fetchable.isEmpty() && !engine.mayPoll()) {
                fetchable = Set.of();
            } else if (!replaysDue(now) && topicRests(fetchable)) {
                fetchable.removeIf(engine::isReplay);
            }
            someRest = fetchable.size() < engine.sources().size();
            long due = engine.next(now);
            // The clock may be below zero, and then "never" less the time would be in the past.
            next = due == Long.MAX_VALUE ? due : due - now;
        } finally {
            lock.unlock();
        }
        commitIfDue(now);
        client.fetchOnly(fetchable);
        long longest = fetchable.isEmpty() ? 0 : someRest ? POLL_WHILE_SOME_REST : LONGEST_POLL;
        Fetched<R> fetched = client.poll(Math.max(0, Math.min(next, longest)));
        lock.lock();
        try {
            long after = clock.getAsLong();
            fetched.into(new Intake<>(engine, after));
            engine.polled();
            engine.tick(after);
            allFinished = engine.held() == 0;
        } finally {
            lock.unlock();
        }
        if (fetchable.isEmpty()) {
            idle.await(Math.max(0, Math.min(next, LONGEST_IDLE)));
        }
    }

    /**
     * Kafka's client has one fetch on its way to a broker. One that asks for nothing but partitions without records comes back
     * when its time is up, and until then nothing is fetched of those that rest now and may be fetched again in a moment. So while
     * the topic rests, replays, which mostly have no records, are asked for in a part of the time.
     */
    private boolean replaysDue(long now) {
        if (now - replaysFrom >= REPLAYS_EVERY) {
            replaysFrom = now;
        }
        return now - replaysFrom < REPLAYS_FOR;
    }

    private boolean topicRests(Set<Source> fetchable) {
        for (Source each : engine.sources()) {
            if (!fetchable.contains(each) && !engine.isReplay(each)) {
                return true;
            }
        }
        return false;
    }

    private void commitIfDue(long now) {
        // Where nothing is left to do there is no reason to wait: whoever takes over then has nothing to do again.
        if (committing || now - committedAt < (allFinished ? commitEvery / 4 : commitEvery)) {
            return;
        }
        Map<Source, Progress> due = take();
        committedAt = now;
        if (due.isEmpty()) {
            return;
        }
        committing = true;
        client.commit(due, arrived -> {
            committing = false;
            if (!arrived) {
                failed(due.keySet());
            }
        });
    }

    private Map<Source, Progress> take() {
        lock.lock();
        try {
            Map<Source, Progress> due = engine.uncommitted();
            engine.committing();
            return due;
        } finally {
            lock.unlock();
        }
    }

    private void failed(Collection<Source> sources) {
        lock.lock();
        try {
            engine.commitFailed(sources);
        } finally {
            lock.unlock();
        }
    }

    /** Partitions were assigned, from inside of a poll. They rest until the next turn has seen whether there is room. */
    public void assigned(Collection<Source> sources) {
        if (sources.isEmpty()) {
            return;
        }
        Map<Source, Progress> starts = client.starts(sources);
        lock.lock();
        try {
            starts.forEach(engine::assign);
        } finally {
            lock.unlock();
        }
        client.fetchOnly(Set.of());
    }

    /**
     * Partitions are being taken away, from inside of a poll or because this member stops: flush, drain, commit, let go.
     * What does not end within the budget is handled again by whoever has the partition.
     */
    public void revoked(Collection<Source> sources) {
        if (sources.isEmpty()) {
            return;
        }
        long started = clock.getAsLong();
        lock.lock();
        try {
            engine.drain(sources, started);
        } finally {
            lock.unlock();
        }
        long left = drain;
        while (left > 0 && !drained(sources)) {
            idle.await(Math.min(left, LONGEST_IDLE));
            left = drain - (clock.getAsLong() - started);
        }
        Map<Source, Progress> last = new HashMap<>();
        lock.lock();
        try {
            for (Source each : sources) {
                Progress progress = engine.progress(each);
                if (progress != null) {
                    last.put(each, progress);
                }
            }
        } finally {
            lock.unlock();
        }
        if (!last.isEmpty()) {
            client.commitNow(last);
        }
        lost(sources);
    }

    private boolean drained(Collection<Source> sources) {
        lock.lock();
        try {
            engine.tick(clock.getAsLong());
            return engine.drained(sources);
        } finally {
            lock.unlock();
        }
    }

    /** The group has gone on without this member: the partitions are somebody else's already. */
    public void lost(Collection<Source> sources) {
        lock.lock();
        try {
            engine.release(sources, clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Partitions go on somewhere else, because an operator wants it: a new epoch begins there, and is committed at once.
     *
     * @param starts by partition where; the client is there already
     */
    public void moved(Map<Source, Progress> starts) {
        if (starts.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            engine.release(starts.keySet(), clock.getAsLong());
            starts.forEach(engine::assign);
            // Nobody says whether the commit below arrives, so the next one tells it again.
            engine.commitFailed(starts.keySet());
        } finally {
            lock.unlock();
        }
        client.commitNow(starts);
    }

    /** Lets everything go, as in a revocation. The client is closed after that. */
    public void stop() {
        Set<Source> all;
        lock.lock();
        try {
            all = engine.sources();
        } finally {
            lock.unlock();
        }
        revoked(all);
    }

    /**
     * The broker's client.
     *
     * @param <R> the records
     */
    public interface Client<R> {
        /** The next poll may bring records of these partitions, and of no other one, also not of one that is assigned during the poll. */
        void fetchOnly(Set<Source> sources);

        /**
         * Looks after the membership and fetches. It may call {@link Loop#assigned}, {@link Loop#revoked} and {@link
         * Loop#lost}.
         *
         * @param nanos how long to wait for records
         * @return what came
         */
        Fetched<R> poll(long nanos);

        /**
         * Commits without waiting.
         *
         * @param progress what to commit
         * @param arrived is told during a later poll whether it arrived; a failure is nothing to fall over for
         */
        void commit(Map<Source, Progress> progress, Consumer<Boolean> arrived);

        /** Commits and waits for it, within a bound. A failure is nothing to fall over for. */
        void commitNow(Map<Source, Progress> progress);

        /** Where assigned partitions begin; the client goes on from there. */
        Map<Source, Progress> starts(Collection<Source> sources);
    }

    /**
     * What a poll brought.
     *
     * @param <R> the records
     */
    @FunctionalInterface
    public interface Fetched<R> {
        /** Hands the records over, each partition's in the order of offsets. */
        void into(Intake<R> intake);
    }

    /**
     * Takes what a poll brought.
     *
     * @param <R> the records
     */
    public static final class Intake<R> {
        private final Engine<R> engine;
        private final long now;
        private @Nullable Source source;
        private @Nullable Partition<R> partition;

        private Intake(Engine<R> engine, long now) {
            this.engine = engine;
            this.now = now;
        }

        /** As {@link Engine#received}. */
        public void record(Source from, long offset, int bytes, @Nullable Object key, R record) {
            if (!from.equals(source)) {
                source = from;
                partition = engine.partition(from);
            }
            if (partition != null) {
                engine.received(partition, offset, bytes, key, record, now);
            }
        }

        /** As {@link Engine#position}. */
        public void position(Source source, long next) {
            engine.position(source, next);
        }
    }

    /** How to wait for calls to end. */
    @FunctionalInterface
    public interface Idle {
        /** Returns when something was told to the engine by somebody else, and after so many nanoseconds at the latest. */
        void await(long nanos);
    }
}
