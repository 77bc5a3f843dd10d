package mallstream.order.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import mallstream.order.application.port.out.OneAtATime;
import mallstream.order.application.port.out.OneAtATimeContract;

class InMemoryOneAtATimeTest extends OneAtATimeContract {
    private final HandClock clock = new HandClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final Map<String, InMemoryOneAtATime.Lock> locks = InMemoryOneAtATime.none();
    private final OneAtATime one = new InMemoryOneAtATime(locks, clock);
    private final OneAtATime other = new InMemoryOneAtATime(locks, clock);

    @Override
    protected OneAtATime one() {
        return one;
    }

    @Override
    protected OneAtATime other() {
        return other;
    }

    @Override
    protected void timePasses() {
        clock.until(clock.instant().plus(Duration.ofHours(1)));
    }
}
