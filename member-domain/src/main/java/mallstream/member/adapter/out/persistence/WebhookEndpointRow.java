package mallstream.member.adapter.out.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import mallstream.member.model.MallId;
import mallstream.member.model.WebhookEndpoint;
import org.jspecify.annotations.Nullable;

@Entity(name = "MemberWebhookEndpointRow")
@Table(schema = "member", name = "webhook_endpoint")
class WebhookEndpointRow {
    @Id
    private UUID id;

    @Column(name = "mall_id")
    private String mallId;

    private String url;
    private byte[] secret;

    @Column(name = "registered_at")
    private Instant registeredAt;

    @Column(name = "disabled_at")
    private @Nullable Instant disabledAt;

    @Column(name = "disabled_reason")
    private @Nullable String disabledReason;

    @SuppressWarnings("NullAway") // Filled by Hibernate.
    WebhookEndpointRow() {}

    WebhookEndpointRow(WebhookEndpoint endpoint, byte[] secret) {
        this.id = endpoint.id();
        this.mallId = endpoint.mallId().value();
        this.url = endpoint.url().toString();
        this.secret = secret;
        this.registeredAt = endpoint.registeredAt();
    }

    void disable(String reason, Instant now) {
        if (disabledAt == null) {
            disabledAt = now;
            disabledReason = reason;
        }
    }

    WebhookEndpoint toEndpoint(SecretCipher cipher) {
        return new WebhookEndpoint(id, new MallId(mallId), URI.create(url), cipher.open(id, secret), registeredAt);
    }
}
