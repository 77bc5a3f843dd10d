package mallstream.member.application.port.out;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;

/** What is to be sent to whom, and what became of it. */
public interface WebhookDeliveries {
    /**
     * Adds a delivery for each sign-up and each enabled endpoint of its mall, once per endpoint and member, in one
     * statement. It is due at once.
     *
     * @param signUps any number
     * @return deliveries added
     */
    int add(Collection<MemberSignedUp> signUps);

    /**
     * Leases due deliveries, one attempt each. While a delivery of an endpoint is leased, none of that endpoint is
     * leased again, so that a slow receiver holds one runner and not all.
     *
     * @param now what is due until then
     * @param perEndpoint deliveries of one endpoint at the most
     * @param most deliveries at the most
     * @param lease how long they are left alone; longer than the attempts take
     * @return what to send
     */
    List<Due> lease(Instant now, int perEndpoint, int most, Duration lease);

    /**
     * Records attempts. One whose lease ran out and was taken by another changes nothing.
     *
     * @param attempts how each ended
     */
    void record(Collection<Attempted> attempts);

    /**
     * Lets deliveries go for which no attempt was made; they are due as they were.
     *
     * @param due what was leased; a delivery that was leased again since stays leased
     */
    void release(Collection<Due> due);

    /**
     * @param endpointId an endpoint
     * @param most deliveries at the most
     * @return its newest deliveries, newest first
     */
    List<WebhookDelivery> newestOf(UUID endpointId, int most);

    /**
     * @param member a member
     * @return deliveries about it, oldest first
     */
    List<WebhookDelivery> about(Member.Key member);

    /**
     * @param before forget deliveries that ended before
     * @param most rows at the most
     * @return rows deleted
     */
    int purge(Instant before, int most);

    /**
     * A leased delivery.
     *
     * @param id the delivery
     * @param lease number of the lease; a later one is higher
     * @param attempts attempts made before
     * @param endpoint url and secret
     * @param body JSON
     */
    record Due(UUID id, long lease, int attempts, Target endpoint, String body) {}

    /**
     * @param id the endpoint
     * @param url where to
     * @param secret signs; {@code null} where the stored one does not open
     */
    record Target(UUID id, URI url, @Nullable Secret secret) {}

    /**
     * How an attempt ended.
     *
     * @param due what was leased
     * @param state what the delivery is now
     * @param status HTTP status, 0 where there was no answer
     * @param reason reason code of a failure
     * @param nextAttemptAt when the next attempt is due; {@code null} where none will be made
     * @param at when it ended
     */
    record Attempted(
            Due due,
            WebhookDelivery.State state,
            int status,
            @Nullable String reason,
            @Nullable Instant nextAttemptAt,
            Instant at) {}
}
