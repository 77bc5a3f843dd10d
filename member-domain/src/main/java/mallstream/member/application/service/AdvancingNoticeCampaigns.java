package mallstream.member.application.service;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mallstream.member.application.port.in.AdvanceNoticeCampaigns;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeCampaigns.Page;
import mallstream.member.application.port.out.NoticeCampaigns.Step;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.NoticeSettings;
import org.jspecify.annotations.Nullable;

@UseCase
final class AdvancingNoticeCampaigns implements AdvanceNoticeCampaigns {
    private static final int PAGE = 1000;
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final Transactions transactions;
    private final NoticeCampaigns campaigns;
    private final PublishEvents events;
    private final NoticeSettings settings;

    AdvancingNoticeCampaigns(
            Transactions transactions, NoticeCampaigns campaigns, PublishEvents events, NoticeSettings settings) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.events = events;
        this.settings = settings;
    }

    @Override
    public int advance() {
        return switch (transactions.inOne(
                () -> campaigns.lease(LEASE).map(this::begin).orElseGet(() -> new Begun.Over(0)))) {
            case Begun.Over over -> over.steps();
            case Begun.ToPublish page -> publish(page.step(), page.page());
        };
    }

    private Begun begin(Step step) {
        return switch (step.phase()) {
            case PREPARING -> {
                campaigns.prepare(step, PAGE);
                yield new Begun.Over(1);
            }
            case PUBLISHING -> new Begun.ToPublish(step, campaigns.ready(step, PAGE));
            case ENDING -> new Begun.Over(campaigns.end(step, settings.stall()) ? 1 : 0);
        };
    }

    private int publish(Step step, Page page) {
        List<Boolean> safe = events.publish(page.members().stream()
                .map(key -> new NoticeRequested(step.campaign().id(), key.mallId(), key.memberId()))
                .toList());
        // The cursor goes up to the first request that is not safe; those after it are published again, which the
        // member's row makes harmless.
        Optional<Integer> broken = safe.contains(false) ? Optional.of(safe.indexOf(false)) : Optional.empty();
        int unbroken = broken.orElse(safe.size());
        @Nullable
        MemberId last = broken.isEmpty()
                ? page.last()
                : unbroken == 0 ? null : page.members().get(unbroken - 1).memberId();
        return transactions.inOne(() -> {
            campaigns.published(step, last, unbroken, broken.isEmpty() && page.end());
            return broken.isEmpty() ? 1 : unbroken;
        });
    }

    private sealed interface Begun {
        record Over(int steps) implements Begun {}

        record ToPublish(Step step, Page page) implements Begun {}
    }
}
