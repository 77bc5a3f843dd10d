package mallstream.benchmarks.container;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The bounds of one subscription, {@code mallstream.consume.<name>.*}.
 *
 * @param maxSize {@code batch.max-size}: most events of one call and of one poll, 1 to 10,000
 * @param linger {@code batch.linger}: how long the broker may wait for more, 0 to 60 s
 * @param attempts {@code attempts}: calls that an event may fail before it goes to the dead-letter topic, 1 to 100
 * @param firstBackoff {@code backoff.first}: pause after the first failure, 10 ms to 1 h; it doubles
 * @param longestBackoff {@code backoff.longest}: where the doubling ends, 10 ms to 1 h
 * @param tryLaterFor {@code try-later-for}: how long an event may answer TryLater, counted from its first such answer in
 *     this instance, 0 to 30 days; then it goes to the dead-letter topic as {@code too-old}
 */
public record Bounds(
        int maxSize,
        Duration linger,
        int attempts,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration tryLaterFor) {

    static final String KEYS = "batch.max-size, batch.linger, attempts, backoff.first, backoff.longest, try-later-for";

    /**
     * The pause before a try that follows failures: doubling, capped, and spread by a quarter to either side so that
     * instances which failed together do not come back together.
     *
     * @param failures failures in a row so far, 1 or more
     * @param random spreads the pause
     * @return the pause
     */
    Duration backoff(int failures, RandomGenerator random) {
        double doubled = (double) firstBackoff.toMillis() * Math.pow(2, Math.min(failures, 40) - 1.0);
        double capped = Math.min(doubled, (double) longestBackoff.toMillis());
        return Duration.ofMillis(Math.round(capped * (0.75 + random.nextDouble() / 2)));
    }
}
