package mallstream.kafka.consume.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that are given to the handler together: runs of keys, each run in the order of offsets.
 *
 * @param <R> the records
 */
public final class Call<R> {
    final long number;
    private final List<Held<R>> records;
    private volatile @Nullable Thread thread;
    long startedAt;
    long interruptedAt = Long.MAX_VALUE;
    boolean counted = true;

    Call(long number, List<Held<R>> records) {
        this.number = number;
        this.records = List.copyOf(records);
    }

    /** The records, at least one. */
    public List<Held<R>> records() {
        return records;
    }

    /** When the handler got it. */
    public long startedAt() {
        return startedAt;
    }

    /** Whether its time was up, so that it was interrupted. */
    boolean interrupted() {
        return interruptedAt != Long.MAX_VALUE;
    }

    /** Who works on it; the shell says so and asks for it, the engine does not care. */
    public @Nullable Thread thread() {
        return thread;
    }

    /** @param worker who works on it; null: nobody any more */
    public void thread(@Nullable Thread worker) {
        thread = worker;
    }

    /** Whether all of its records still belong to this member. */
    public boolean owned() {
        return records.stream().allMatch(Held::owned);
    }
}
