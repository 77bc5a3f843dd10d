package mallstream.member.model;

import java.net.URI;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as it is shown: everything but its secrets.
 *
 * @param id the endpoint
 * @param url where to
 * @param types event types that it wants; empty for all
 * @param registeredAt when
 * @param health how it has been answering
 * @param disabled since when and why it gets nothing; {@code null} where it does
 * @param bothSecretsUntil until when the secret before the last rotation signs too; {@code null} where there is none
 */
public record RegisteredEndpoint(
        UUID id,
        URI url,
        Set<String> types,
        Instant registeredAt,
        EndpointHealth health,
        @Nullable Disabled disabled,
        @Nullable Instant bothSecretsUntil) {

    /**
     * @param since when it was disabled
     * @param reason {@code gone} (it answered 410), {@code failing} (for five days), {@code by-request}
     */
    public record Disabled(Instant since, String reason) {}
}
