package mallstream.kafka.consume.core;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The bounds of one subscription.
 *
 * @param maxInFlight {@code max-in-flight}: calls of the handler at the same time, 1 to 10,000; at the bound records wait
 *     in their lanes
 * @param maxHeld {@code max-held}: records received and not yet finished, 1 to 100,000; at the bound partitions pause and
 *     nothing is dropped
 * @param maxSize {@code batch.max-size}: most records of one call, 1 to 10,000
 * @param oneKey {@code batch.keys=one}: whether a call holds records of one key only; a hot key is then applied in runs
 * @param maxBytes {@code batch.max-bytes}: most bytes of one call, 1 kB to 1 GB; a larger record goes alone
 * @param linger {@code batch.linger}: how long a batch that is not full waits for more, 0 to 60 s
 * @param attempts {@code attempts}: calls that a record may fail before it goes to the dead-letter topic, 1 to 100
 * @param firstBackoff {@code backoff.first}: pause after the first failure, 10 ms to 1 h; it doubles
 * @param longestBackoff {@code backoff.longest}: where the doubling ends, 10 ms to 1 h
 * @param tryLaterFor {@code try-later-for}: how long a record may answer TryLater, counted from its first such answer in
 *     this instance, 0 to 30 days; then it goes to the dead-letter topic as {@code too-old}
 * @param callTimeout {@code call-timeout}: how long a call may take before it is interrupted, 10 ms to 1 h; after as long
 *     again, 5 s at the most, its lanes close
 * @param drain {@code drain}: how long a revoked partition may take to end its calls, 0 to 60 s; what is not ended then is
 *     handled again by whoever has the partition
 */
public record Bounds(
        int maxInFlight,
        int maxHeld,
        int maxSize,
        boolean oneKey,
        int maxBytes,
        Duration linger,
        int attempts,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration tryLaterFor,
        Duration callTimeout,
        Duration drain) {

    /** How long after the interrupt a call is given up. */
    Duration grace() {
        Duration most = Duration.ofSeconds(5);
        return callTimeout.compareTo(most) < 0 ? callTimeout : most;
    }

    /**
     * The pause before a try that follows failures: doubling, capped, and spread by a quarter to either side so that
     * instances which failed together do not come back together.
     *
     * @param failures failures in a row so far, 1 or more
     * @param random spreads the pause
     * @return the pause in nanoseconds
     */
    long backoff(int failures, RandomGenerator random) {
        double doubled = (double) firstBackoff.toNanos() * Math.pow(2, Math.min(failures, 40) - 1.0);
        double capped = Math.min(doubled, (double) longestBackoff.toNanos());
        return Math.round(capped * (0.75 + random.nextDouble() / 2));
    }
}
