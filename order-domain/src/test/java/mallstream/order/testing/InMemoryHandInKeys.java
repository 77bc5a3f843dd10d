package mallstream.order.testing;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mallstream.order.application.port.out.HandInKeys;

/** Idempotency keys in memory. */
public final class InMemoryHandInKeys implements HandInKeys {
    private final Map<String, Kept> keys = new HashMap<>();

    @Override
    public Optional<String> bodyUnder(String scope, Instant now) {
        return Optional.ofNullable(keys.get(scope))
                .filter(kept -> kept.until().isAfter(now))
                .map(Kept::body);
    }

    @Override
    public boolean keep(String scope, String body, Instant now, Instant until) {
        if (bodyUnder(scope, now).isPresent()) {
            return false;
        }
        keys.put(scope, new Kept(body, until));
        return true;
    }

    @Override
    public int forget(Instant now) {
        int before = keys.size();
        keys.values().removeIf(kept -> !kept.until().isAfter(now));
        return before - keys.size();
    }

    private record Kept(String body, Instant until) {}
}
