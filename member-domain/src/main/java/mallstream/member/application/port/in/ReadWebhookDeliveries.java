package mallstream.member.application.port.in;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.model.MallId;
import mallstream.member.model.WebhookDelivery;

/** Shows what was sent to an endpoint. */
public interface ReadWebhookDeliveries {
    /** The most deliveries of one answer. */
    int MOST = 100;

    /**
     * @param mallId the mall
     * @param endpointId the endpoint
     * @return its newest deliveries, newest first, at most {@link #MOST}; empty where the mall has no such endpoint
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Optional<List<WebhookDelivery>> read(MallId mallId, UUID endpointId);
}
