package mallstream.member.adapter.in.web;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.RegisteredEndpoint;
import org.jspecify.annotations.Nullable;

/** A webhook endpoint as callers see it: never its secrets. */
record EndpointBody(
        UUID endpointId,
        String url,
        List<String> types,
        String state,
        Instant registeredAt,
        int failures,
        @Nullable Instant failingSince,
        @Nullable Instant pausedUntil,
        @Nullable Instant disabledSince,
        @Nullable String disabledReason,
        @Nullable Instant bothSecretsUntil) {
    static EndpointBody of(RegisteredEndpoint endpoint, Instant now) {
        EndpointHealth health = endpoint.health();
        RegisteredEndpoint.Disabled disabled = endpoint.disabled();
        Instant both = endpoint.bothSecretsUntil();
        return new EndpointBody(
                endpoint.id(),
                endpoint.url().toString(),
                endpoint.types().stream().sorted().toList(),
                state(endpoint, now),
                endpoint.registeredAt(),
                health.failures(),
                health.failingSince(),
                health.isPaused(now) ? health.pausedUntil() : null,
                disabled == null ? null : disabled.since(),
                disabled == null ? null : disabled.reason(),
                both != null && both.isAfter(now) ? both : null);
    }

    private static String state(RegisteredEndpoint endpoint, Instant now) {
        if (endpoint.disabled() != null) {
            return "disabled";
        }
        if (endpoint.health().isPaused(now)) {
            return "paused";
        }
        return endpoint.health().failures() > 0 ? "failing" : "enabled";
    }
}
