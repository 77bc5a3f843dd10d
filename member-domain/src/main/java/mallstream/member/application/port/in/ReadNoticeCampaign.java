package mallstream.member.application.port.in;

import java.time.Instant;
import java.util.Optional;
import mallstream.member.model.CampaignId;
import mallstream.member.model.NoticeCampaign;
import org.jspecify.annotations.Nullable;

/** Shows how far a campaign is. */
public interface ReadNoticeCampaign {
    /**
     * @param id the campaign
     * @return the campaign; empty where there is none
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Optional<View> read(CampaignId id);

    /**
     * @param campaign the campaign
     * @param progress how far it is
     * @param perSecond members who got a result per second since it last began to send: at its start, when it was resumed,
     *     with a pass, or after it stood still; up to its last result where it does not send
     * @param estimatedEnd when it will be through at that rate; {@code null} where that cannot be said, it is stopped or it is
     *     through
     */
    record View(
            NoticeCampaign campaign,
            NoticeCampaign.Progress progress,
            double perSecond,
            @Nullable Instant estimatedEnd) {}
}
