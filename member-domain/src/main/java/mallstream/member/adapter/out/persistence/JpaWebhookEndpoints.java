package mallstream.member.adapter.out.persistence;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.MallId;
import mallstream.member.model.WebhookEndpoint;
import org.springframework.stereotype.Component;

@Component
final class JpaWebhookEndpoints implements WebhookEndpoints {
    private final WebhookEndpointRows rows;
    private final SecretCipher cipher;

    JpaWebhookEndpoints(WebhookEndpointRows rows, SecretCipher cipher) {
        this.rows = rows;
        this.cipher = cipher;
    }

    @Override
    public void add(WebhookEndpoint endpoint) {
        rows.save(new WebhookEndpointRow(endpoint, cipher.seal(endpoint.id(), endpoint.secret())));
    }

    @Override
    public Optional<WebhookEndpoint> find(MallId mallId, UUID id) {
        return rows.findByMallIdAndId(mallId.value(), id).map(row -> row.toEndpoint(cipher));
    }

    @Override
    public boolean exists(MallId mallId, UUID id) {
        return rows.existsByMallIdAndId(mallId.value(), id);
    }

    @Override
    public void disable(UUID id, String why, Instant now) {
        rows.findById(id).ifPresent(row -> row.disable(why, now));
        rows.giveUpDeliveries(id, why, now);
    }
}
