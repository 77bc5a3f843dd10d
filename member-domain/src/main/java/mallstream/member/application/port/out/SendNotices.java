package mallstream.member.application.port.out;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;

/** Reaches people by one channel. */
public interface SendNotices {
    /** @return the channel that it sends by */
    NoticeChannel channel();

    /** @return the most recipients of one call, 1 to 1,000 */
    int most();

    /**
     * Sends one template to some people.
     *
     * @param notice what and to whom; 1 to {@link #most} recipients
     * @return a result per recipient, in the order of the recipients
     * @throws Unavailable if it is certain that nothing was taken
     */
    List<Result> send(Notice notice);

    /**
     * Asks what became of a call whose answer was lost.
     *
     * @param callId the call
     * @param begunAt when it was begun
     * @return results by row id; a row that is absent was not taken. Empty if this channel cannot be asked
     * @throws Unavailable if it cannot be asked now
     */
    Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt);

    /**
     * @param callId groups the call at the gateway; a call that is made again has a new one
     * @param template code of the template
     * @param letter text of ours, {@code null} where the gateway has it
     * @param recipients who is told
     */
    record Notice(UUID callId, String template, @Nullable Letter letter, List<Recipient> recipients) {}

    /**
     * A text of ours; {@code {name}} stands for the recipient's name in both parts.
     *
     * @param subject one line
     * @param body plain text
     */
    record Letter(String subject, String body) {}

    /**
     * @param rowId our row, returned by the gateway; order and address identify nobody
     * @param address digits of a phone or a mail address, personal data
     * @param name for the template, personal data
     */
    record Recipient(UUID rowId, String address, String name) {
        @Override
        public String toString() {
            return "Recipient[" + rowId + "]";
        }
    }

    /** What was said of one recipient. */
    sealed interface Result {
        /**
         * Accepted, which is not yet delivered.
         *
         * @param requestId the other side's id of the call or message
         */
        record Accepted(String requestId) implements Result {}

        /**
         * Turned down for good.
         *
         * @param code the other side's code
         */
        record Rejected(String code) implements Result {}

        /**
         * Turned down for the moment, which is the other side's word on this recipient; may be sent again.
         *
         * @param code the other side's code
         */
        record Later(String code) implements Result {}

        /** Not sent, for a reason that is not the recipient's; may be sent again, at no attempt. */
        record NotSent() implements Result {}

        /** The request was written and no answer came: it must be looked up before anything is sent again. */
        record Unknown() implements Result {}
    }
}
