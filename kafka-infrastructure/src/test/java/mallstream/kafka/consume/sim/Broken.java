package mallstream.kafka.consume.sim;

import org.jspecify.annotations.Nullable;

/** A guarantee of the engine did not hold. */
final class Broken extends AssertionError {
    private static final long serialVersionUID = 1;

    Broken(String what) {
        super(what);
    }

    /** The parts of the message are put together only where it is needed: this is asked millions of times. */
    static void unless(boolean held, @Nullable Object... parts) {
        if (!held) {
            throw new Broken(Simulation.join(parts));
        }
    }
}
