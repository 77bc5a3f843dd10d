package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CampaignId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.RequestKey;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;

@UseCase
final class StartingNoticeCampaigns implements StartNoticeCampaign {
    private final Transactions transactions;
    private final NoticeCampaigns campaigns;
    private final Once once;
    private final Clock clock;
    private final RandomGenerator random;

    StartingNoticeCampaigns(
            Transactions transactions,
            NoticeCampaigns campaigns,
            RequestKeys keys,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.once = new Once(keys, clock);
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Answer<CampaignId> start(CampaignOrder order, @Nullable RequestKey key) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var campaign = new NoticeCampaign(
                new CampaignId(UuidV7.at(now, random)),
                order.mallId(),
                order.year(),
                order.channel(),
                order.template(),
                now);
        return transactions.inOne(() -> once.create(
                key,
                () -> {
                    campaigns.add(campaign);
                    return campaign.id();
                },
                id -> Optional.of(id.value()),
                CampaignId::new));
    }
}
