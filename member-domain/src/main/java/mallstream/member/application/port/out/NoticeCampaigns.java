package mallstream.member.application.port.out;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeRequested;
import org.jspecify.annotations.Nullable;

/** Campaigns, how far they are published, and what became of each recipient. */
public interface NoticeCampaigns {
    /**
     * @param campaign a new campaign
     */
    void add(NoticeCampaign campaign);

    /**
     * @param id a campaign
     * @return the campaign, if there is one
     */
    Optional<NoticeCampaign> find(CampaignId id);

    /**
     * @param id a campaign
     * @return how far it is, and since when recipients are finished
     */
    Status status(CampaignId id);

    /**
     * Leases a campaign that is not all published.
     *
     * @param lease how long others leave it alone
     * @return the campaign and where to go on; empty where none waits
     */
    Optional<Publishing> lease(Duration lease);

    /**
     * Moves a campaign on and lets it go. Nothing happens where the lease ran out and another has it.
     *
     * @param publishing what was leased
     * @param last the last member whose request is in the topic; {@code null} where none is
     * @param published requests published now
     * @param total members it is for
     * @param finished whether that was the last page
     */
    void moveOn(Publishing publishing, @Nullable MemberId last, int published, long total, boolean finished);

    /**
     * Marks requests as being sent, each once per campaign and member.
     *
     * @param requests any number, none twice
     * @param rowIds new ids, one per request
     * @param now when
     * @return for each request, in order, what it is
     */
    List<Claim> beginSending(List<NoticeRequested> requests, List<UUID> rowIds, Instant now);

    /**
     * @param results how sending ended, per row
     * @param now when
     */
    void record(Collection<Sent> results, Instant now);

    /**
     * Takes marks back where nothing was sent, so that the requests can come again.
     *
     * @param rowIds rows that were marked
     */
    void undo(Collection<UUID> rowIds);

    /**
     * @param progress counts
     * @param firstAt when the first recipient was begun; {@code null} before
     */
    record Status(
            NoticeCampaign.Progress progress, @Nullable Instant firstAt) {}

    /**
     * @param campaign what to publish
     * @param lease number of the lease
     * @param last the last member whose request is in the topic; {@code null} at the start
     * @param total members it is for; {@code null} until they were counted
     */
    record Publishing(
            NoticeCampaign campaign,
            long lease,
            @Nullable MemberId last,
            @Nullable Long total) {}

    /** What a request is when it comes to be sent. */
    sealed interface Claim {
        /**
         * Nobody has sent it; it is marked as being sent now.
         *
         * @param rowId its row
         */
        record Mine(UUID rowId) implements Claim {}

        /** It was finished before, or marked by somebody who did not come back: that one is unknown from now on. */
        record Before() implements Claim {}
    }

    /**
     * @param rowId the row
     * @param state what it is now
     * @param code the gateway's id of an accepted call, or its code of a rejection
     */
    record Sent(UUID rowId, State state, @Nullable String code) {}

    /** How a recipient ended. */
    enum State {
        ACCEPTED,
        REJECTED,
        UNKNOWN
    }
}
