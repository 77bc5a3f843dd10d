package mallstream.member.application.service;

import java.util.List;
import mallstream.member.application.port.in.ReadNoticeEvidence;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeRecipient;
import org.jspecify.annotations.Nullable;

@UseCase
final class ReadingNoticeEvidence implements ReadNoticeEvidence {
    private static final int PAGE = 1000;

    private final Transactions transactions;
    private final NoticeCampaigns campaigns;

    ReadingNoticeEvidence(Transactions transactions, NoticeCampaigns campaigns) {
        this.transactions = transactions;
        this.campaigns = campaigns;
    }

    @Override
    public List<NoticeRecipient> page(CampaignId id, @Nullable MemberId after) {
        return transactions.inOne(() -> campaigns.recipients(id, after, PAGE));
    }
}
