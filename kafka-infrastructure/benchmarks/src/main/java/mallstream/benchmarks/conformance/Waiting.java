package mallstream.benchmarks.conformance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** For what libraries do in the background. */
final class Waiting {
    /** How long anything may take. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long LOOK_NANOS = 5_000_000;

    private Waiting() {}

    /** Waits until something holds; gives up after {@link #PATIENCE}, and the scenario sees what follows. */
    static void until(BooleanSupplier holds) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
