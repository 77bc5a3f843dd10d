package mallstream.member.application.port.in;

import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;

/** Makes a notice campaign; its requests are published in the background. */
public interface StartNoticeCampaign {
    /**
     * @param order what is to be sent to whom
     * @param key the caller's idempotency key
     * @return the new campaign
     * @throws mallstream.member.model.InvalidValue if a value has another form
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Answer<CampaignId> start(CampaignOrder order, @Nullable RequestKey key);

    /**
     * @param mallId the mall, or {@code null} for all
     * @param year the year that the notice is for
     * @param channel how people are reached
     * @param template the gateway's template code
     */
    record CampaignOrder(@Nullable MallId mallId, int year, NoticeChannel channel, String template) {}
}
