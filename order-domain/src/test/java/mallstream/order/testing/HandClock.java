package mallstream.order.testing;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that is set by hand. */
public final class HandClock extends Clock {
    private final AtomicReference<Instant> now;

    /** A clock that stands at that time. */
    public HandClock(Instant now) {
        this.now = new AtomicReference<>(now);
    }

    /** Moves on to that time; never back. */
    public void until(Instant time) {
        now.accumulateAndGet(time, (before, then) -> then.isAfter(before) ? then : before);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("it is in UTC");
    }
}
