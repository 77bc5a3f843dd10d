package mallstream.kafka.consume;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What operators have changed of a subscription at run time.
 *
 * @param paused who paused it; {@code null}: it runs
 * @param maxInFlight calls at the same time, 1 or more; {@code null}: as configured
 * @param perSecond records that may begin per second, 1 or more; {@code null}: no bound
 */
record Control(
        @Nullable Pause paused,
        @Nullable Integer maxInFlight,
        @Nullable Integer perSecond) {
    /** Nothing is changed. */
    static final Control AS_CONFIGURED = new Control(null, null, null);

    /** @throws IllegalArgumentException if a bound is below 1 */
    Control {
        if (maxInFlight != null && maxInFlight < 1 || perSecond != null && perSecond < 1) {
            throw new IllegalArgumentException("a limit must be 1 or more");
        }
    }

    /**
     * @param by the name of the key of whoever paused it
     * @param since when
     */
    record Pause(String by, Instant since) {
        /** @throws NullPointerException if a record of the control topic lacks one of them */
        Pause {
            Objects.requireNonNull(by);
            Objects.requireNonNull(since);
        }
    }
}
