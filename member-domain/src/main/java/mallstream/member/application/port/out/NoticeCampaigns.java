package mallstream.member.application.port.out;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeRecipient;
import org.jspecify.annotations.Nullable;

/**
 * Campaigns and the members that each is for, a row per campaign and member. A campaign goes on in steps, one instance
 * at a time; leases run by the database's clock.
 */
public interface NoticeCampaigns {
    /**
     * @param campaign a new campaign, which is {@code PREPARING}
     */
    void add(NoticeCampaign campaign);

    /**
     * Looks for a campaign that is not over, of the same year and channel and for some of the same malls. Nobody else can
     * look for one of this year and channel until the transaction ends.
     *
     * @param campaign a new campaign
     * @return the oldest of them; empty where there is none
     */
    Optional<CampaignId> lockOpen(NoticeCampaign campaign);

    /**
     * @param id a campaign
     * @return the campaign, if there is one
     */
    Optional<NoticeCampaign> find(CampaignId id);

    /**
     * Like {@link #find}, and nobody else changes its state until the transaction ends.
     *
     * @param id a campaign
     * @return the campaign, if there is one
     */
    Optional<NoticeCampaign> lock(CampaignId id);

    /**
     * Stops a campaign that was locked.
     *
     * @param id the campaign
     * @param as {@code PAUSED} or {@code CANCELLED}
     */
    void stop(CampaignId id, NoticeCampaign.State as);

    /**
     * Lets a paused campaign that was locked go on where it stopped. Requests of those who are ready are published
     * again, for those that came during the pause are gone.
     *
     * @param id the campaign
     */
    void resume(CampaignId id);

    /**
     * @param id a campaign that there is
     * @return how far it is
     */
    Status status(CampaignId id);

    /**
     * Leases a campaign that is prepared or sent and that nobody works on.
     *
     * @param lease how long others leave it alone
     * @return what is next; empty where nothing is
     */
    Optional<Step> lease(Duration lease);

    /**
     * Writes down the next members, in the transaction of the lease, and lets the campaign go. After the last one it is
     * {@code SENDING}, from its first member on.
     *
     * @param step whose phase is {@code PREPARING}
     * @param most members at the most, 1 or more
     */
    void prepare(Step step, int most);

    /**
     * @param step whose phase is {@code PUBLISHING}
     * @param most members at the most, 1 or more
     * @return the next of those who are ready
     */
    Page ready(Step step, int most);

    /**
     * Moves on and lets the campaign go. Nothing happens where the lease ran out and another has it, or where the campaign
     * was resumed since.
     *
     * @param step what was leased
     * @param last up to whom the requests are in the topic; {@code null} for nobody
     * @param published requests published now
     * @param end whether that was the last page
     */
    void published(Step step, @Nullable MemberId last, int published, boolean end);

    /**
     * Looks whether a campaign whose requests are all published is through, in the transaction of the lease. It is
     * {@code DONE} where nobody is ready or in a call and no call is open. Where some are ready and no call has ended for
     * a while, however it ended, their requests are to be published again. Else it is looked at again in a second, and
     * counted anew where it gets no further.
     *
     * @param step whose phase is {@code ENDING}
     * @param stall that while, at the least. It is as long as nobody was accepted or rejected before the last request was
     *     published, up to twelve times this
     * @return whether something changed
     */
    boolean end(Step step, Duration stall);

    /**
     * @param id a campaign
     * @param after the last member of the page before; {@code null} for the first page
     * @param most members at the most, 1 or more
     * @return what became of the next members, by ascending id; empty at the end
     */
    List<NoticeRecipient> recipients(CampaignId id, @Nullable MemberId after, int most);

    /**
     * @param progress counts
     * @param finished members who got a result since the campaign last began to send: with its first call, when it was
     *     resumed, with a pass, or after it got no further for a minute. Less than 0 where more results were taken back
     * @param elapsed since then, until now or, where the campaign does not send, until the last call ended, which may be less
     *     than 0; {@code null} before the first call
     */
    record Status(
            NoticeCampaign.Progress progress,
            long finished,
            @Nullable Duration elapsed) {}

    /**
     * @param campaign what to work on
     * @param lease number of the lease; a later one is higher
     * @param phase what to do
     */
    record Step(NoticeCampaign campaign, long lease, Phase phase) {}

    /** What a campaign needs next. */
    enum Phase {
        /** More of its members written down. */
        PREPARING,
        /** More of its requests published. */
        PUBLISHING,
        /** A look whether it is through. */
        ENDING
    }

    /**
     * @param members who is ready, by ascending id
     * @param last up to whom it was looked; {@code null} where there was nobody
     * @param end whether nobody comes after
     */
    record Page(List<Member.Key> members, @Nullable MemberId last, boolean end) {}
}
