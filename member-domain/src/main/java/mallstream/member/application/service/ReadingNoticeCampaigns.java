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
        Instant now = clock.instant();
        var progress = status.progress();
        Instant firstAt = status.firstAt();
        double seconds = firstAt == null ? 0 : Duration.between(firstAt, now).toMillis() / 1000.0;
        double perSecond = seconds > 0 ? progress.finished() / seconds : 0;
        return new View(campaign, progress, perSecond, estimatedEnd(progress, perSecond, now));
    }

    private static @Nullable Instant estimatedEnd(NoticeCampaign.Progress progress, double perSecond, Instant now) {
        Long total = progress.total();
        if (total == null || perSecond == 0 || progress.finished() >= total) {
            return null;
        }
        return now.plusMillis((long) ((total - progress.finished()) / perSecond * 1000));
    }
}
