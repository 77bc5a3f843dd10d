package mallstream.member.adapter.in.web;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import mallstream.member.model.WebhookDelivery;
import org.jspecify.annotations.Nullable;

/** A webhook delivery as callers see it. */
record DeliveryBody(
        UUID deliveryId,
        UUID endpointId,
        String type,
        @Nullable UUID memberId,
        String state,
        int attempts,
        @Nullable Integer lastStatus,
        @Nullable String lastReason,
        @Nullable Instant nextAttemptAt) {
    static DeliveryBody of(WebhookDelivery delivery) {
        return new DeliveryBody(
                delivery.id(),
                delivery.endpointId(),
                delivery.type(),
                delivery.memberId() == null ? null : delivery.memberId().value(),
                delivery.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                delivery.attempts(),
                delivery.lastStatus(),
                delivery.lastReason(),
                delivery.nextAttemptAt());
    }
}
