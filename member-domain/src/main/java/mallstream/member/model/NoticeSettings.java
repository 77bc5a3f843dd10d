package mallstream.member.model;

import java.time.Duration;

/**
 * How long notices wait for what, {@code mallstream.notice.*}.
 *
 * @param callLease how long a call to a channel may take before its answer counts as lost, 10 s to 1 h; twice as long as
 *     the channel may take for one, or it could be looked up before it arrives
 * @param settle how long after that the channel is asked what it took, 0 to 1 h; a request on its way has arrived by then
 * @param stall how long no call ends before the requests of those who are ready are published again, 1 s to 1 day; up to
 *     twelve times as long where that has not helped
 */
public record NoticeSettings(Duration callLease, Duration settle, Duration stall) {
    /** @throws IllegalArgumentException if a value is out of its range */
    public NoticeSettings {
        check("callLease", callLease, Duration.ofSeconds(10), Duration.ofHours(1), "10s to 1h");
        check("settle", settle, Duration.ZERO, Duration.ofHours(1), "0s to 1h");
        check("stall", stall, Duration.ofSeconds(1), Duration.ofDays(1), "1s to 1d");
    }

    private static void check(String name, Duration value, Duration least, Duration most, String range) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + ": must be " + range);
        }
    }
}
