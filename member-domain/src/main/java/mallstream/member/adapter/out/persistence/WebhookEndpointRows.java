package mallstream.member.adapter.out.persistence;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

interface WebhookEndpointRows extends Repository<WebhookEndpointRow, UUID> {
    WebhookEndpointRow save(WebhookEndpointRow row);

    Optional<WebhookEndpointRow> findById(UUID id);

    Optional<WebhookEndpointRow> findByMallIdAndId(String mallId, UUID id);
}
