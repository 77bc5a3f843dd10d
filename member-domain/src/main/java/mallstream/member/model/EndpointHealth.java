package mallstream.member.model;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint has been answering: when it may be called again, how often, and when it is not worth it any more. A
 * pause is a circuit breaker: while it lasts nothing is sent, after it one call at a time until one succeeds.
 *
 * @param failures attempts that failed since the last success
 * @param pauses pauses since the last success
 * @param failingSince the first of those failures; {@code null} without any
 * @param pausedUntil end of the last pause, which may be past; {@code null} after a success
 * @param failedAt the last of those failures; {@code null} without any
 * @param failed how long attempts have seen it fail: from failure to failure, without times in which it was not called
 */
public record EndpointHealth(
        int failures,
        int pauses,
        @Nullable Instant failingSince,
        @Nullable Instant pausedUntil,
        @Nullable Instant failedAt,
        Duration failed) {
    /** An endpoint that has not failed since its last success. */
    public static final EndpointHealth WELL = new EndpointHealth(0, 0, null, null, null, Duration.ZERO);

    /** So many failures in a row make a pause. */
    static final int TRIP = 5;

    /** An endpoint that does nothing but fail for so long is given up. */
    static final Duration PATIENCE = Duration.ofDays(5);

    /**
     * Two failures that are further apart say nothing of the time between them. Longer than the longest wait between two
     * attempts of a delivery, a day and a tenth.
     */
    static final Duration SILENCE = Duration.ofDays(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /**
     * @param at when the attempt ended
     * @param overloaded whether the endpoint said that it has too much to do, which makes a pause at once
     * @param asked the pause that it asked for; the longer one counts
     * @param random lengthens a pause by up to a tenth, so that instances and endpoints spread
     * @return the health after one more failed attempt. Failures during a pause, of calls that were under way, make it no
     *     longer unless they ask for it
     */
    public EndpointHealth afterFailure(
            Instant at, boolean overloaded, @Nullable Duration asked, RandomGenerator random) {
        Instant since = failingSince == null ? at : failingSince;
        Duration sum = failedUntil(at);
        Instant last = failingSince != null && failedAt != null && failedAt.isAfter(at) ? failedAt : at;
        if (pausedUntil != null && at.isBefore(pausedUntil)) {
            Instant asWished = asked == null ? pausedUntil : at.plus(asked);
            return new EndpointHealth(
                    failures + 1, pauses, since, asWished.isAfter(pausedUntil) ? asWished : pausedUntil, last, sum);
        }
        if (!overloaded && pausedUntil == null && failures + 1 < TRIP) {
            return new EndpointHealth(failures + 1, pauses, since, null, last, sum);
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(pauses, 10));
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
            pause = LONGEST_PAUSE;
        }
        pause = pause.plusMillis(random.nextLong(pause.toMillis() / 10 + 1));
        if (asked != null && asked.compareTo(pause) > 0) {
            pause = asked;
        }
        return new EndpointHealth(failures + 1, pauses + 1, since, at.plus(pause), last, sum);
    }

    private Duration failedUntil(Instant at) {
        if (failingSince == null) {
            return Duration.ZERO;
        }
        Duration since = failedAt == null ? Duration.ZERO : Duration.between(failedAt, at);
        return since.isNegative() || since.compareTo(SILENCE) > 0 ? failed : failed.plus(since);
    }

    /** @return whether it has failed for so long that it is to be disabled */
    public boolean isHopeless() {
        return failed.compareTo(PATIENCE) >= 0;
    }

    /**
     * @param at now
     * @return whether nothing is sent at the moment
     */
    public boolean isPaused(Instant at) {
        return pausedUntil != null && at.isBefore(pausedUntil);
    }
}
