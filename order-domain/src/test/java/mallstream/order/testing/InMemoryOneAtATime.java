package mallstream.order.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import mallstream.order.application.port.out.OneAtATime;

/** Locks in memory; instances share the map. */
public final class InMemoryOneAtATime implements OneAtATime {
    private final Map<String, Lock> locks;
    private final Clock clock;

    /**
     * One instance.
     *
     * @param locks of all instances
     * @param clock tells when a lock's time is over
     */
    public InMemoryOneAtATime(Map<String, Lock> locks, Clock clock) {
        this.locks = locks;
        this.clock = clock;
    }

    /** No locks. */
    public static Map<String, Lock> none() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public <T> Optional<T> run(String what, Duration atMost, Supplier<T> work) {
        Instant now = clock.instant();
        Lock mine = new Lock(now.plus(atMost));
        Lock held = locks.merge(what, mine, (before, after) -> before.until.isAfter(now) ? before : after);
        if (held != mine) {
            return Optional.empty();
        }
        try {
            return Optional.of(work.get());
        } finally {
            locks.remove(what, mine);
        }
    }

    /** A lock that is held: itself, and no other with the same end. */
    public static final class Lock {
        private final Instant until;

        private Lock(Instant until) {
            this.until = until;
        }
    }
}
