package mallstream.benchmarks.incidents;

import java.util.function.BooleanSupplier;
import mallstream.benchmarks.Pause;

/** Waiting for a condition. */
final class Until {
    private static final int LOOK_MICROS = 20_000;

    private Until() {}

    /**
     * Waits until it holds.
     *
     * @param what is waited for, for the message
     * @param seconds how long at most
     * @param condition looked at every 20 ms
     * @throws IllegalStateException if it does not hold in time
     */
    static void holds(String what, int seconds, BooleanSupplier condition) {
        long giveUp = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException("not within " + seconds + " s: " + what);
            }
            work(LOOK_MICROS);
        }
    }

    /**
     * What a handler's work is here: it takes time.
     *
     * @param micros microseconds
     */
    static void work(long micros) {
        try {
            Pause.micros(micros);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
