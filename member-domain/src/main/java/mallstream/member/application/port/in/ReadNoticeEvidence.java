package mallstream.member.application.port.in;

import java.util.List;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeRecipient;
import org.jspecify.annotations.Nullable;

/** Shows who of a campaign was told, when and with what result. */
public interface ReadNoticeEvidence {
    /**
     * @param id the campaign
     * @param after the last member of the page before; {@code null} for the first page
     * @return the next members by ascending id, at most 1,000; empty at the end
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    List<NoticeRecipient> page(CampaignId id, @Nullable MemberId after);
}
