package mallstream.member.application.port.out;

import java.util.List;
import java.util.UUID;
import mallstream.member.model.CampaignId;

/** Reaches people by a message gateway. */
public interface SendNotices {
    /** The most recipients of one call. */
    int MOST = 1000;

    /**
     * Sends one template to many people in one call to the gateway.
     *
     * @param notice what and to whom; 1 to {@link #MOST} recipients
     * @return a result per recipient, in the order of the recipients
     * @throws mallstream.member.model.Unavailable if it is certain that the gateway took nothing
     */
    List<Result> send(Notice notice);

    /**
     * @param campaignId groups the call at the gateway
     * @param template the gateway's template code
     * @param recipients who is told
     */
    record Notice(CampaignId campaignId, String template, List<Recipient> recipients) {}

    /**
     * @param rowId our row, returned by the gateway; order and phone number identify nobody
     * @param phone digits only, personal data
     * @param name for the template, personal data
     */
    record Recipient(UUID rowId, String phone, String name) {
        @Override
        public String toString() {
            return "Recipient[" + rowId + "]";
        }
    }

    /** What the gateway said of one recipient. */
    sealed interface Result {
        /**
         * Accepted, which is not yet delivered.
         *
         * @param requestId the gateway's id of the call
         */
        record Accepted(String requestId) implements Result {}

        /**
         * Turned down for good.
         *
         * @param code the gateway's code
         */
        record Rejected(String code) implements Result {}

        /** The request was written and no answer came: it must be looked up before anything is sent again. */
        record Unknown() implements Result {}
    }
}
