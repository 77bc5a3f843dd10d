package mallstream.member.application.port.out;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.SendNotices.Result;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRecipient.State;
import org.jspecify.annotations.Nullable;

/**
 * Calls that send notices. Rows are marked by the call that sends them, so that whoever comes after a crash knows what
 * to ask for. Each change counts in the campaign's progress, in the same transaction. Leases run by the database's
 * clock.
 */
public interface NoticeCalls {
    /**
     * Begins a call: marks those who are ready as being sent. Who wants no notices, cannot be reached or has left is
     * excluded instead. Nobody is marked where the campaign is not {@code SENDING}; without anybody there is no call.
     *
     * @param call the call
     * @param members any number; those who are not ready are left alone
     * @return whom to send it to
     */
    List<Claimed> begin(Call call, Collection<MemberId> members);

    /**
     * Ends a call with what its channel said. Where something stays unknown the call is left to be looked up.
     *
     * @param callId the call
     * @param results one per member of the call
     * @param now when
     * @param settle how long a look-up waits
     * @return {@code false} if the call's lease ran out and it was given up; nothing was changed then
     */
    boolean end(UUID callId, Collection<Ended> results, Instant now, Duration settle);

    /**
     * Gives one call up whose lease ran out: those of it who have no result are unknown from now on.
     *
     * @param now when
     * @param settle how long a look-up waits
     * @return whether there was one
     */
    boolean giveUp(Instant now, Duration settle);

    /**
     * Leases a call that is due to be looked up.
     *
     * @param lease how long others leave it alone
     * @return the call; empty where none is due
     */
    Optional<Lost> lease(Duration lease);

    /**
     * Records a look-up, and closes the call or lets it go.
     *
     * @param call what was leased
     * @param results what became of some of its rows; the others stay unknown
     * @param now when
     * @param again when it is to be looked up again; {@code null} closes the call
     * @return {@code false} if the lease ran out and another has it; nothing was changed then
     */
    boolean resolve(Lost call, Collection<Ended> results, Instant now, @Nullable Duration again);

    /**
     * Counts the calls that are open, and reads no others.
     *
     * @param now what the age is counted to
     * @return how many there are, over all campaigns
     */
    Backlog backlog(Instant now);

    /**
     * @param lost calls that wait for a look-up or are being looked up
     * @param oldest how long ago the oldest call began that is open, be it with its sender or lost; zero where none is
     */
    record Backlog(int lost, Duration oldest) {}

    /**
     * @param id names it at the channel
     * @param campaignId the campaign
     * @param channel by which it is made
     * @param begunAt when
     * @param lease how long its sender has
     */
    record Call(UUID id, CampaignId campaignId, NoticeChannel channel, Instant begunAt, Duration lease) {}

    /**
     * @param rowId the row
     * @param memberId the member
     * @param attempts attempts that the channel turned down before, 0 or more
     * @param address digits of a phone or a mail address, personal data
     * @param name personal data
     */
    record Claimed(UUID rowId, MemberId memberId, int attempts, String address, String name) {
        @Override
        public String toString() {
            return "Claimed[" + rowId + "]";
        }
    }

    /**
     * A call whose answer was lost.
     *
     * @param id the call
     * @param campaignId the campaign
     * @param channel by which it was made
     * @param begunAt when
     * @param lease number of the lease; a later one is higher
     * @param lookUps look-ups before this one
     * @param unknown rows without a result
     */
    record Lost(
            UUID id,
            CampaignId campaignId,
            NoticeChannel channel,
            Instant begunAt,
            long lease,
            int lookUps,
            List<Row> unknown) {}

    /**
     * @param id the row
     * @param member the member
     * @param attempts attempts that the channel turned down before, 0 or more
     */
    record Row(UUID id, Member.Key member, int attempts) {}

    /**
     * @param memberId the member
     * @param state what the row is now
     * @param code the channel's request id or code; {@code null} for none
     * @param attempt whether that was an attempt that the channel turned down
     */
    record Ended(MemberId memberId, State state, @Nullable String code, boolean attempt) {
        /**
         * So often a channel may turn somebody down for the moment; after the last time it is for good. With a pass for each
         * attempt that is five hours of an ill channel, by the default of {@code mallstream.notice.stall}, and 45 minutes
         * at the least.
         */
        public static final int MOST_ATTEMPTS = 10;

        /**
         * @param memberId the member
         * @param attempts attempts that were turned down before
         * @param result what the channel said
         * @return what that makes of the row
         */
        public static Ended of(MemberId memberId, int attempts, Result result) {
            return switch (result) {
                case Result.Accepted accepted -> new Ended(memberId, State.ACCEPTED, accepted.requestId(), false);
                case Result.Rejected rejected -> new Ended(memberId, State.REJECTED, rejected.code(), false);
                case Result.Later later ->
                    new Ended(
                            memberId, attempts + 1 < MOST_ATTEMPTS ? State.READY : State.REJECTED, later.code(), true);
                case Result.NotSent ignored -> notSent(memberId);
                case Result.Unknown ignored -> new Ended(memberId, State.UNKNOWN, null, false);
            };
        }

        /**
         * @param memberId a member to whom certainly nothing was sent
         * @return ready again, at no attempt
         */
        public static Ended notSent(MemberId memberId) {
            return new Ended(memberId, State.READY, null, false);
        }
    }
}
