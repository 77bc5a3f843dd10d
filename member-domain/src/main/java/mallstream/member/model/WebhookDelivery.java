package mallstream.member.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One message to one endpoint, over all its attempts.
 *
 * @param id the message, {@code webhook-id}
 * @param endpointId where it goes
 * @param type of event, {@code member.signed-up} or {@code webhook.test}
 * @param memberId whom it is about; {@code null} for a test
 * @param state what became of it
 * @param attempts attempts made
 * @param lastStatus HTTP status of the last attempt, 0 where there was no answer, {@code null} before the first
 * @param lastReason reason code of the last failure
 * @param nextAttemptAt when the next attempt is due; {@code null} where none will be made
 */
public record WebhookDelivery(
        UUID id,
        UUID endpointId,
        String type,
        @Nullable MemberId memberId,
        State state,
        int attempts,
        @Nullable Integer lastStatus,
        @Nullable String lastReason,
        @Nullable Instant nextAttemptAt) {

    /** A new member. */
    public static final String SIGNED_UP = "member.signed-up";

    /** A test that the mall asked for; every endpoint gets it, whatever types it wants. */
    public static final String TEST = "webhook.test";

    /** What became of a delivery. */
    public enum State {
        /** Attempts are still to be made. */
        PENDING,
        /** The receiver answered 2xx. */
        DELIVERED,
        /** All attempts failed, or the endpoint is gone. */
        GIVEN_UP
    }

    /** Waits before each attempt: the schedule that Standard Webhooks 1.0.0 recommends. */
    private static final List<Duration> WAITS = List.of(
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    /**
     * @param attemptsMade 1 or more
     * @param asked what the receiver asked for by Retry-After; the longer wait counts
     * @param random spreads the wait by up to a tenth, so that failures of one moment do not come back together
     * @return how long to wait for the next attempt, or {@code null} where there is none
     */
    public static @Nullable Duration waitAfter(int attemptsMade, @Nullable Duration asked, RandomGenerator random) {
        if (attemptsMade >= WAITS.size()) {
            return null;
        }
        Duration planned = WAITS.get(attemptsMade);
        planned = planned.plusMillis(random.nextLong(planned.toMillis() / 10 + 1));
        return asked != null && asked.compareTo(planned) > 0 ? asked : planned;
    }
}
