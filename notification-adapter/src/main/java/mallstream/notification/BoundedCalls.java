package mallstream.notification;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

    private static <T> void settle(List<Slot<T>> running) {
        for (Iterator<Slot<T>> each = running.iterator(); each.hasNext(); ) {
            Slot<T> slot = each.next();
            if (slot.task.isDone() || System.nanoTime() - slot.deadline >= 0) {
                slot.end(Missed.OUT_OF_TIME);
                each.remove();
            }
        }
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
