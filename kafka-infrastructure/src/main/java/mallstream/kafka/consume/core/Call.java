package mallstream.kafka.consume.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that are given to the handler together: runs of keys, each run in the order of offsets.
 *
 * @param <R> the records
 */
public final class Call<R> {
    private static final long NOT_YET = Long.MAX_VALUE;

    final long number;
    private final List<Held<R>> records;
    private volatile @Nullable Thread thread;
    private volatile long startedAt = NOT_YET;
    long interruptedAt = NOT_YET;
    boolean counted = true;

    /** Its neighbours in {@link Calls}. */
    @Nullable
    Call<R> before;

    @Nullable
    Call<R> after;

    /** The one below it in a stack of {@link Handover}. */
    @Nullable
    Call<R> below;

    private volatile @Nullable Answer answer;

    /** @param records at least one; nobody changes them any more */
    Call(long number, List<Held<R>> records) {
        this.number = number;
        this.records = records;
    }

    /** The records, at least one. */
    public List<Held<R>> records() {
        return records;
    }

    /**
     * The handler has it now: its time begins. Waiting at a gate before that costs none of it. To be called once, by whoever
     * works on it, without the lock.
     */
    public void started(long now) {
        startedAt = now;
    }

    /** Whether the handler has it. */
    boolean started() {
        return startedAt != NOT_YET;
    }

    /** When the handler got it. */
    public long startedAt() {
        return startedAt;
    }

    /** Whether its time was up, so that it was interrupted. */
    boolean interrupted() {
        return interruptedAt != NOT_YET;
    }

    /** Who works on it; null: nobody yet, or nobody any more. */
    public @Nullable Thread thread() {
        return thread;
    }

    /** @param worker who works on it from now on until {@link #leave} */
    public void enter(Thread worker) {
        thread = worker;
    }

    /** Its worker goes on to something else, which no interrupt for this call will meet. */
    public synchronized void leave() {
        thread = null;
    }

    /** Interrupts whoever works on it. */
    public synchronized void interrupt() {
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
        }
    }

    /** What came of it; null: nothing yet. */
    public @Nullable Answer answer() {
        return answer;
    }

    /** @param found what came of it, to be said before it is given to {@link Handover#ended} */
    public void answer(Answer found) {
        answer = found;
    }

    /** Whether all of its records still belong to this member. */
    public boolean owned() {
        return records.stream().allMatch(Held::owned);
    }
}
