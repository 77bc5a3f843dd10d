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
     * Adds a delivery for each sign-up and each enabled endpoint of its mall that wants sign-ups, once per endpoint and
     * member, in one statement. It is due at once.
     *
     * @param signUps any number
     * @return deliveries added
     */
    int add(Collection<MemberSignedUp> signUps);

    /**
     * Adds a test event, due at once.
     *
     * @param endpointId an endpoint
     * @param now when it is made
     * @return the delivery
     */
    UUID addTest(UUID endpointId, Instant now);

    /**
     * Makes one delivery due again, with its id and all its attempts before it, whatever became of it. One that is under
     * way stays so.
     *
     * @param endpointId its endpoint
     * @param id the delivery
     * @param now when it is due
     * @return whether the endpoint has it
     */
    boolean redeliver(UUID endpointId, UUID id, Instant now);

    /**
     * Makes deliveries due again that were given up.
     *
     * @param endpointId their endpoint
     * @param since given up then or later
     * @param most deliveries at the most, the oldest first
     * @param now when they are due
     * @return how many
     */
    int redeliverFailed(UUID endpointId, Instant since, int most, Instant now);

    /**
     * Leases due deliveries, one attempt each. Those of endpoints that are paused wait; an endpoint that comes out of a
     * pause gets one at a time.
     *
     * @param now what is due until then
     * @param perEndpoint deliveries of one endpoint that are leased at the same time, over all instances, at the most
     * @param most deliveries at the most
     * @param lease how long they are left alone; longer than the attempts take
     * @return what to send
     */
    List<Due> lease(Instant now, int perEndpoint, int most, Duration lease);

    /**
     * Records attempts. One that outlived its lease, or whose delivery was given up by {@link #giveUp} meanwhile, changes
     * nothing.
     *
     * @param attempts how each ended
     * @return those that were recorded
     */
    List<Attempted> record(Collection<Attempted> attempts);

    /**
     * Lets deliveries go for which no attempt was made; they are due as they were.
     *
     * @param due what was leased; a delivery that was leased again since stays leased
     */
    void release(Collection<Due> due);

    /**
     * Gives up deliveries that wait for disabled endpoints, as of the time when each was. They are shown as given up even
     * before. If an endpoint is enabled first, those that are left go on.
     *
     * @param most deliveries at the most
     * @return how many; 0 where none is left, but for those that others hold at the moment
     */
    int giveUp(int most);

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
     * @param secrets sign, the newest first; empty where the stored one does not open
     * @param failing whether its last attempt failed, when this was leased
     */
    record Target(UUID id, URI url, List<Secret> secrets, boolean failing) {}

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
