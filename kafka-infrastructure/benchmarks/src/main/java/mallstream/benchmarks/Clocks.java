package mallstream.benchmarks;

import java.time.Clock;
import java.time.Instant;

/** The time of day, which processes of one machine have in common. */
final class Clocks {
    private static final Clock CLOCK = Clock.systemUTC();

    private Clocks() {}

    /** Microseconds since 1970. */
    static long micros() {
        Instant now = CLOCK.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
