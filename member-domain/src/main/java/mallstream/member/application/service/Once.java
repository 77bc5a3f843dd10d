package mallstream.member.application.service;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.RequestKeys.Known;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;

/**
 * Creates something once per idempotency key, inside of the caller's transaction: so the key is stored with the effect or
 * not at all. A refusal stores no key; the same request may succeed later.
 */
final class Once {
    /** How long a key counts. */
    static final Duration KEPT = Duration.ofHours(24);

    private final RequestKeys keys;
    private final Clock clock;

    Once(RequestKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * @param key the caller's key, or {@code null} where it sent none
     * @param create makes it
     * @param created the id of what was made; empty for a refusal
     * @param again makes the first answer again from that id
     * @return the answer
     */
    <T> Answer<T> create(
            @Nullable RequestKey key,
            Supplier<T> create,
            Function<T, Optional<UUID>> created,
            Function<UUID, T> again) {
        if (key == null) {
            return new Answer.Given<>(create.get());
        }
        return switch (keys.claim(key, clock.instant().minus(KEPT))) {
            case Known.Used used -> new Answer.Given<>(again.apply(used.created()));
            case Known.UsedForAnotherBody ignored -> new Answer.UsedForAnotherBody<>();
            case Known.Held ignored -> new Answer.StillRunning<>();
            case Known.Fresh ignored -> {
                T result = create.get();
                created.apply(result).ifPresent(id -> keys.remember(key, id, clock.instant()));
                yield new Answer.Given<>(result);
            }
        };
    }
}
