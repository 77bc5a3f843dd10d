package mallstream.member.application.port.out;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.model.MallId;
import mallstream.member.model.WebhookEndpoint;

/** The addresses that malls want to be called at. Secrets are stored encrypted. */
public interface WebhookEndpoints {
    /**
     * @param endpoint a new endpoint
     */
    void add(WebhookEndpoint endpoint);

    /**
     * @param mallId the mall
     * @param id the endpoint
     * @return the endpoint, if the mall has it
     */
    Optional<WebhookEndpoint> find(MallId mallId, UUID id);

    /**
     * @param mallId the mall
     * @param id the endpoint
     * @return whether the mall has it; its secret is not looked at
     */
    boolean exists(MallId mallId, UUID id);

    /**
     * Ends all deliveries to an endpoint.
     *
     * @param id the endpoint
     * @param why a reason code
     * @param now when
     */
    void disable(UUID id, String why, Instant now);
}
