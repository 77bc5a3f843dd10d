package mallstream.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Sees every record begin and end, and knows what must not happen. Any number of threads may tell it.
 *
 * <p>It is asked a million times a second, so it has no lock, allocates nothing, and where calls behave no two threads
 * write to the same cache line but to a counter that is one of 64. Each key has a line of its own, where a call that begins
 * leaves its number and finds that of another one that runs. Of three that run at the same time the third may go uncounted.
 */
final class Oracle implements Working.Watcher {
    /** Ints of a cache line. */
    private static final int LINE = 16;

    private static final int STRIPES = 64;
    private static final int RUNNING = 0;
    private static final int NEXT = 1;
    private static final int OVERLAPS = 2;
    private static final int INVERSIONS = 3;
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] keys;
    private final byte[] times;
    private final int[] waits;
    private final AtomicIntegerArray ended = new AtomicIntegerArray(STRIPES * LINE);

    /**
     * @param records how many there will be
     * @param keyCount over how many keys
     * @param timed whether to note how long each record was on its way
     */
    Oracle(int records, int keyCount, boolean timed) {
        keys = new int[keyCount * LINE];
        times = new byte[records];
        waits = new int[timed ? records : 0];
    }

    @Override
    public void begins(byte[] value, int call) {
        int line = Event.key(value) * LINE;
        int running = (int) INTS.getAndSet(keys, line + RUNNING, call);
        if (running != 0 && running != call) {
            INTS.getAndAdd(keys, line + OVERLAPS, 1);
        }
        int turn = Event.turn(value);
        int next = (int) INTS.getAcquire(keys, line + NEXT);
        if (turn > next) {
            INTS.getAndAdd(keys, line + INVERSIONS, 1);
        }
        if (turn >= next) {
            INTS.setRelease(keys, line + NEXT, turn + 1);
        }
    }

    @Override
    public void ends(byte[] value, int call) {
        int key = Event.key(value);
        // In vain where another one has begun, or where the call has ended with a record of the key already.
        INTS.compareAndSet(keys, key * LINE + RUNNING, call, 0);
        int number = Event.number(value);
        times[number]++;
        if (waits.length > 0) {
            waits[number] = (int) (Clocks.micros() - Event.created(value));
        }
        ended.getAndIncrement((key & STRIPES - 1) * LINE);
    }

    /** How often a record has ended. */
    int ended() {
        int sum = 0;
        for (int i = 0; i < STRIPES; i++) {
            sum += ended.get(i * LINE);
        }
        return sum;
    }

    /** Records that have ended so many times at least; exact once the handlers rest. */
    int endedAtLeast(int count) {
        int found = 0;
        for (byte each : times) {
            found += each >= count ? 1 : 0;
        }
        return found;
    }

    /** How often a record began while another call had one of its key. */
    int overlaps() {
        return sum(OVERLAPS);
    }

    /** How often a record began before one that precedes it in its key. */
    int inversions() {
        return sum(INVERSIONS);
    }

    /** The turn of each key that begins next, by key. */
    int[] turns() {
        int[] turns = new int[keys.length / LINE];
        for (int i = 0; i < turns.length; i++) {
            turns[i] = (int) INTS.getAcquire(keys, i * LINE + NEXT);
        }
        return turns;
    }

    /** Microseconds that each record was on its way, by its number; empty where nobody asked. */
    int[] waits() {
        return waits;
    }

    private int sum(int place) {
        int sum = 0;
        for (int i = place; i < keys.length; i += LINE) {
            sum += (int) INTS.getAcquire(keys, i);
        }
        return sum;
    }
}
