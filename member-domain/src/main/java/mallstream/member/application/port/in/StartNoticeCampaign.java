package mallstream.member.application.port.in;

import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;

/** Makes a notice campaign; it is prepared and sent in the background. */
public interface StartNoticeCampaign {
    /**
     * @param order what is to be sent to whom
     * @param key the caller's idempotency key
     * @return how it ended
     * @throws mallstream.member.model.InvalidValue if a value has another form
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Answer<Result> start(CampaignOrder order, @Nullable RequestKey key);

    /**
     * @param mallId the mall, or {@code null} for all
     * @param year the year that the notice is for
     * @param channel how people are reached
     * @param template code of the text: the gateway's, or for mail one of ours
     * @param templateVersion version of the text; {@code null} for 1, or for mail the newest
     */
    record CampaignOrder(
            @Nullable MallId mallId,
            int year,
            NoticeChannel channel,
            String template,
            @Nullable Integer templateVersion) {}

    /** How a start ended. */
    sealed interface Result {
        /**
         * There is a campaign.
         *
         * @param campaignId the new campaign
         */
        record Started(CampaignId campaignId) implements Result {}

        /**
         * A campaign that is not over tells some of the same people the same, by the same channel; nothing was stored.
         *
         * @param campaignId that campaign
         */
        record AlreadyOpen(CampaignId campaignId) implements Result {}

        /** There is no such text, or not that version of it; nothing was stored. */
        record NoSuchTemplate() implements Result {}
    }
}
