package mallstream.member.application.port.out;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.MallId;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.model.WebhookEndpoint.Secret;

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
     * @param mallId the mall
     * @param id the endpoint
     * @return the endpoint without its secrets, if the mall has it
     */
    Optional<RegisteredEndpoint> show(MallId mallId, UUID id);

    /**
     * @param mallId the mall
     * @param most endpoints at the most
     * @return its endpoints, oldest first
     */
    List<RegisteredEndpoint> of(MallId mallId, int most);

    /**
     * Makes a secret the newest. The one before it signs beside it for a while; an older one is forgotten.
     *
     * @param id the endpoint
     * @param secret the new one
     * @param bothUntil how long the one before it signs
     */
    void rotate(UUID id, Secret secret, Instant bothUntil);

    /**
     * Reads how endpoints have been answering and keeps others from recording it until the transaction ends.
     *
     * @param ids any endpoints
     * @return those of them that are enabled
     */
    Map<UUID, EndpointHealth> lockHealth(Collection<UUID> ids);

    /**
     * @param id an endpoint that was locked in this transaction
     * @param health how it is now
     */
    void saveHealth(UUID id, EndpointHealth health);

    /**
     * Enables an endpoint, as if it had never failed. One that is enabled stays as it is.
     *
     * @param id the endpoint
     */
    void enable(UUID id);

    /**
     * Disables an endpoint, forgets its secrets, and hides it from everybody. Its deliveries are purged in their time.
     *
     * @param id the endpoint
     * @param now when
     */
    void delete(UUID id, Instant now);

    /**
     * Disables an endpoint: nothing is leased for it any more, and what waits is left to {@link WebhookDeliveries#giveUp}.
     * One that is disabled already keeps the first reason.
     *
     * @param id the endpoint
     * @param why a reason code
     * @param now when
     * @return its mall; empty where it was disabled already
     */
    Optional<MallId> disable(UUID id, String why, Instant now);
}
