package mallstream.member.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One member of a campaign, and what became of the notice: the evidence. It holds no personal data.
 *
 * @param mallId the mall
 * @param memberId the member
 * @param state how it stands
 * @param code the channel's request id where it was accepted, its code where it was rejected, the reason of an exclusion
 * @param callId names the call at the channel; {@code null} where none was made
 * @param begunAt when the last call was begun; {@code null} where none was made
 * @param endedAt when it got to its state; {@code null} while it is ready or in a call
 */
public record NoticeRecipient(
        MallId mallId,
        MemberId memberId,
        State state,
        @Nullable String code,
        @Nullable UUID callId,
        @Nullable Instant begunAt,
        @Nullable Instant endedAt) {

    /** How it stands with a member of a campaign. */
    public enum State {
        /** Nothing was sent. */
        READY,
        /** In a call. */
        SENDING,
        /** Taken by the channel. */
        ACCEPTED,
        /** Turned down for good. */
        REJECTED,
        /** Sent, and no answer came. */
        UNKNOWN,
        /** Left out. */
        EXCLUDED
    }
}
