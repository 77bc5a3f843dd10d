package mallstream.member.adapter.out.persistence;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface WebhookEndpointRows extends Repository<WebhookEndpointRow, UUID> {
    WebhookEndpointRow save(WebhookEndpointRow row);

    Optional<WebhookEndpointRow> findById(UUID id);

    Optional<WebhookEndpointRow> findByMallIdAndId(String mallId, UUID id);

    boolean existsByMallIdAndId(String mallId, UUID id);

    @Modifying
    @Query(nativeQuery = true, value = """
                    update member.webhook_delivery
                    set state = 'GIVEN_UP', last_reason = :why, next_attempt_at = null, ended_at = :now
                    where endpoint_id = :id and state = 'PENDING'""")
    void giveUpDeliveries(UUID id, String why, Instant now);
}
