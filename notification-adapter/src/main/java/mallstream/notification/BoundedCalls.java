package mallstream.notification;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Makes calls side by side, at most {@code most} at a time and {@code mostPerKey} of one key, and gives each a deadline
 * that holds whatever the other side does.
 *
 * <p>The thread of {@link #run} hands out the places and watches the deadlines; a call has its virtual thread only while
 * it has its place. A semaphore inside a thread per call was turned down: calls that wait for one dead endpoint would
 * take the places of all others. Socket timeouts alone were turned down too: they start again with every byte.
 */
final class BoundedCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedCalls.class);

    private final SimpleAsyncTaskExecutor threads;
    private final int most;
    private final int mostPerKey;
    private final long timeout;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Object, Integer> taken = new HashMap<>();
    private int takenInAll;
    private long changes;

    /** Why a call has no result of its own. */
    enum Missed {
        /** There was no place for it within two timeouts. It was never made. */
        NO_PLACE,
        /** It was cut at its deadline. */
        OUT_OF_TIME,
        /** The platform is stopping. */
        STOPPED,
        /** It threw what it should not; the log says what. */
        BROKEN
    }

    /** Something slow that may hang. */
    interface Call<T> {
        /** Calls of one key share a bound. */
        Object key();

        /** Does it, in a thread that is interrupted at the deadline. */
        T make();

        /** The result in place of one of its own. */
        T missed(Missed why);
    }

    private static final class Slot<T> {
        final Call<T> call;
        final FutureTask<T> task;
        long deadline;

        @Nullable
        T result;

        Slot(Call<T> call) {
            this.call = call;
            this.task = new FutureTask<>(call::make);
        }

        /** The result of the call if it has one, else {@code why}, and then the call is interrupted. */
        void end(Missed why) {
            // An interrupted virtual thread closes the socket that it reads or writes.
            boolean cut = task.cancel(true);
            if (cut) {
                result = call.missed(why);
                return;
            }
            try {
                result = task.resultNow();
            } catch (IllegalStateException e) {
                LOG.error(
                        "A call failed with {}", task.exceptionNow().getClass().getName());
                result = call.missed(Missed.BROKEN);
            }
        }
    }

    /**
     * @param name begins the names of the threads
     * @param timeout of one call
     */
    BoundedCalls(String name, int most, int mostPerKey, Duration timeout) {
        this.most = most;
        this.mostPerKey = mostPerKey;
        this.timeout = timeout.toNanos();
        this.threads = new SimpleAsyncTaskExecutor(name);
        threads.setVirtualThreads(true);
        // The places below already hold it to this; here it is said of the threads.
        threads.setConcurrencyLimit(most);
    }

    /**
     * Makes all calls and waits for them, for three timeouts at most: two for a place and one for the call.
     *
     * @return a result for each call, in their order
     */
    <T> List<T> run(List<? extends Call<T>> calls) {
        List<Slot<T>> slots = new ArrayList<>();
        calls.forEach(call -> slots.add(new Slot<>(call)));
        List<Slot<T>> waiting = new ArrayList<>(slots);
        List<Slot<T>> running = new ArrayList<>();
        long giveUp = System.nanoTime() + 2 * timeout;
        try {
            while (true) {
                long seen = changes();
                settle(running);
                if (System.nanoTime() - giveUp >= 0) {
                    endAll(waiting, Missed.NO_PLACE);
                }
                start(waiting, running);
                if (waiting.isEmpty() && running.isEmpty()) {
                    break;
                }
                // Calls run in the order in which they were started, so the first has the next deadline.
                awaitChange(seen, running.isEmpty() ? giveUp : running.getFirst().deadline);
            }
        } catch (InterruptedException e) {
            endAll(running, Missed.STOPPED);
            endAll(waiting, Missed.STOPPED);
            Thread.currentThread().interrupt();
        }
        return slots.stream().map(slot -> slot.result).toList();
    }

    private static <T> List<Slot<T>> settle(List<Slot<T>> running) {
        var settled = new ArrayList<Slot<T>>();
        for (Iterator<Slot<T>> each = running.iterator(); each.hasNext(); ) {
            Slot<T> slot = each.next();
            if (slot.task.isDone() || System.nanoTime() - slot.deadline >= 0) {
                slot.end(Missed.OUT_OF_TIME);
                each.remove();
                settled.add(slot);
            }
        }
        return settled;
    }

    private static <T> void endAll(List<Slot<T>> slots, Missed why) {
        slots.forEach(slot -> slot.end(why));
        slots.clear();
    }

    private <T> void start(List<Slot<T>> waiting, List<Slot<T>> running) {
        for (Iterator<Slot<T>> each = waiting.iterator(); each.hasNext(); ) {
            Slot<T> slot = each.next();
            if (!take(slot.call.key())) {
                continue;
            }
            each.remove();
            run(slot, running);
        }
    }

    /** Runs it in the place that was taken for it. */
    private <T> void run(Slot<T> slot, List<Slot<T>> running) {
        slot.deadline = System.nanoTime() + timeout;
        try {
            threads.execute(() -> {
                try {
                    slot.task.run();
                } finally {
                    giveBack(slot.call.key());
                }
            });
            running.add(slot);
        } catch (RuntimeException closed) {
            giveBack(slot.call.key());
            slot.end(Missed.STOPPED);
        }
    }

    /** Places that are free, those of calls that were cut and do not end counted as taken. */
    int room() {
        lock.lock();
        try {
            return most - takenInAll;
        } finally {
            lock.unlock();
        }
    }

    /** A series of calls of one caller, which shares the places with all others. */
    <T> Series<T> series() {
        return new Series<>(this);
    }

    /**
     * Calls that are started at one time and looked at at another, so that nobody waits for the slowest. A call that hangs
     * is cut by the first look after its deadline.
     */
    static final class Series<T> {
        private final BoundedCalls calls;
        private final List<Slot<T>> running = new ArrayList<>();
        private final List<Slot<T>> refused = new ArrayList<>();

        private Series(BoundedCalls calls) {
            this.calls = calls;
        }

        /** Starts a call and says whether it was; one without a place of its own has missed it. */
        synchronized boolean start(Call<T> call) {
            var slot = new Slot<T>(call);
            if (calls.take(call.key())) {
                calls.run(slot, running);
                if (slot.result == null) {
                    return true;
                }
            } else {
                slot.end(Missed.NO_PLACE);
            }
            refused.add(slot);
            return false;
        }

        /** Calls that were started and whose results were not given yet. */
        synchronized int open() {
            return running.size() + refused.size();
        }

        /**
         * Gives the results that are there, and waits for the first of them.
         *
         * @param longest how long to wait; not at all where nothing runs
         */
        synchronized List<T> ended(Duration longest) {
            long until = System.nanoTime() + longest.toNanos();
            while (true) {
                long seen = calls.changes();
                List<Slot<T>> ended = settle(running);
                ended.addAll(refused);
                refused.clear();
                if (!ended.isEmpty() || running.isEmpty() || System.nanoTime() - until >= 0) {
                    return ended.stream()
                            .map(slot -> Objects.requireNonNull(slot.result))
                            .toList();
                }
                try {
                    long deadline = running.getFirst().deadline;
                    calls.awaitChange(seen, deadline - until < 0 ? deadline : until);
                } catch (InterruptedException e) {
                    endAll(running, refused, Missed.STOPPED);
                    Thread.currentThread().interrupt();
                }
            }
        }

        private static <T> void endAll(List<Slot<T>> running, List<Slot<T>> ended, Missed why) {
            running.forEach(slot -> slot.end(why));
            ended.addAll(running);
            running.clear();
        }
    }

    private boolean take(Object key) {
        lock.lock();
        try {
            int ofKey = taken.getOrDefault(key, 0);
            if (takenInAll == most || ofKey == mostPerKey) {
                return false;
            }
            takenInAll++;
            taken.put(key, ofKey + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Object key) {
        lock.lock();
        try {
            takenInAll--;
            taken.computeIfPresent(key, (same, ofKey) -> ofKey == 1 ? null : ofKey - 1);
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(long seen, long until) throws InterruptedException {
        lock.lock();
        try {
            long left = until - System.nanoTime();
            while (changes == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
