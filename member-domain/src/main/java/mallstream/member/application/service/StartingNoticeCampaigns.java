package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CampaignId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeTemplate;
import mallstream.member.model.RequestKey;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;

@UseCase
final class StartingNoticeCampaigns implements StartNoticeCampaign {
    private final Transactions transactions;
    private final NoticeCampaigns campaigns;
    private final NoticeTemplates templates;
    private final Once once;
    private final Clock clock;
    private final RandomGenerator random;

    StartingNoticeCampaigns(
            Transactions transactions,
            NoticeCampaigns campaigns,
            NoticeTemplates templates,
            RequestKeys keys,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.templates = templates;
        this.once = new Once(keys, clock);
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Answer<Result> start(CampaignOrder order, @Nullable RequestKey key) {
        // A wrong value is refused before the key is looked at.
        campaign(order, order.templateVersion() == null ? 1 : order.templateVersion());
        return transactions.inOne(() -> once.create(
                key,
                () -> store(order),
                StartingNoticeCampaigns::created,
                id -> new Result.Started(new CampaignId(id))));
    }

    private Result store(CampaignOrder order) {
        Optional<Integer> version = version(order);
        if (version.isEmpty()) {
            return new Result.NoSuchTemplate();
        }
        NoticeCampaign campaign = campaign(order, version.get());
        Optional<CampaignId> open = campaigns.lockOpen(campaign);
        if (open.isPresent()) {
            return new Result.AlreadyOpen(open.get());
        }
        campaigns.add(campaign);
        return new Result.Started(campaign.id());
    }

    /** Texts of the gateway's are its own to know; those of ours must be there, for nobody looks again before sending. */
    private Optional<Integer> version(CampaignOrder order) {
        Integer asked = order.templateVersion();
        return switch (order.channel()) {
            case ALIMTALK -> Optional.of(asked == null ? 1 : asked);
            case MAIL ->
                (asked == null
                                ? templates.versions(order.template()).stream().findFirst()
                                : templates.find(order.template(), asked))
                        .map(NoticeTemplate::version);
        };
    }

    private NoticeCampaign campaign(CampaignOrder order, int version) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new NoticeCampaign(
                new CampaignId(UuidV7.at(now, random)),
                order.mallId(),
                order.year(),
                order.channel(),
                order.template(),
                version,
                now,
                NoticeCampaign.State.PREPARING);
    }

    private static Optional<UUID> created(Result result) {
        return switch (result) {
            case Result.Started started -> Optional.of(started.campaignId().value());
            case Result.AlreadyOpen ignored -> Optional.empty();
            case Result.NoSuchTemplate ignored -> Optional.empty();
        };
    }
}
