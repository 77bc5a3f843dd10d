package mallstream.member.application.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mallstream.member.application.port.in.ReadNoticeCampaign;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CampaignId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Counts;
import org.jspecify.annotations.Nullable;

@UseCase
final class ReadingNoticeCampaigns implements ReadNoticeCampaign {
    private final Transactions transactions;
    private final NoticeCampaigns campaigns;
    private final Clock clock;

    ReadingNoticeCampaigns(Transactions transactions, NoticeCampaigns campaigns, Clock clock) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.clock = clock;
    }

    @Override
    public Optional<View> read(CampaignId id) {
        return transactions.inOne(() -> campaigns.find(id).map(campaign -> view(campaign, campaigns.status(id))));
    }

    private View view(NoticeCampaign campaign, NoticeCampaigns.Status status) {
        Duration elapsed = status.elapsed();
        double seconds = elapsed == null ? 0 : elapsed.toMillis() / 1000.0;
        Counts counts = status.progress().counts();
        double perSecond = seconds > 0 && status.finished() > 0 ? status.finished() / seconds : 0;
        return new View(campaign, status.progress(), perSecond, estimatedEnd(campaign, counts, perSecond));
    }

    private @Nullable Instant estimatedEnd(NoticeCampaign campaign, Counts counts, double perSecond) {
        if (campaign.state() != NoticeCampaign.State.SENDING || perSecond == 0 || counts.left() == 0) {
            return null;
        }
        return clock.instant().plusMillis((long) (counts.left() / perSecond * 1000));
    }
}
