package mallstream.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/** Sees every record begin and end, and knows what must not happen. Any number of threads may tell it. */
final class Oracle implements Working.Watcher {
    private final AtomicLongArray finished;
    private final AtomicIntegerArray running;
    private final AtomicIntegerArray turns;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger again = new AtomicInteger();
    private final AtomicInteger violations = new AtomicInteger();

    /**
     * @param records how many there will be
     * @param keys over how many keys
     */
    Oracle(int records, int keys) {
        finished = new AtomicLongArray((records + 63) / 64);
        running = new AtomicIntegerArray(keys);
        turns = new AtomicIntegerArray(keys);
    }

    @Override
    public void begins(Event event) {
        boolean overlaps = running.getAndIncrement(event.key()) != 0;
        boolean skips = event.turn() > turns.get(event.key());
        if (overlaps || skips) {
            violations.incrementAndGet();
        }
    }

    @Override
    public void ends(Event event) {
        turns.set(event.key(), event.turn() + 1);
        running.decrementAndGet(event.key());
        long bit = 1L << (event.number() & 63);
        if ((finished.getAndAccumulate(event.number() >> 6, bit, (had, one) -> had | one) & bit) == 0) {
            done.incrementAndGet();
        } else {
            again.incrementAndGet();
        }
    }

    /** Different records that have ended. */
    int done() {
        return done.get();
    }

    /** How often a record ended that had ended before. */
    int again() {
        return again.get();
    }

    /** How often a record began beside another one of its key, or before one that precedes it there had ended. */
    int violations() {
        return violations.get();
    }
}
