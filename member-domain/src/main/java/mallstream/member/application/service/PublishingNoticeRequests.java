package mallstream.member.application.service;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mallstream.member.application.port.in.PublishNoticeRequests;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeCampaigns.Publishing;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Member;
import mallstream.member.model.NoticeRequested;

@UseCase
final class PublishingNoticeRequests implements PublishNoticeRequests {
    private static final int PAGE = 1000;
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final Transactions transactions;
    private final NoticeCampaigns campaigns;
    private final Members members;
    private final PublishEvents events;

    PublishingNoticeRequests(
            Transactions transactions, NoticeCampaigns campaigns, Members members, PublishEvents events) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.members = members;
        this.events = events;
    }

    @Override
    public int publishPage() {
        Optional<Page> leased = transactions.inOne(() -> campaigns.lease(LEASE).map(this::page));
        if (leased.isEmpty()) {
            return 0;
        }
        Page page = leased.get();
        List<Boolean> safe = events.publish(page.targets().stream()
                .map(key -> new NoticeRequested(page.publishing().campaign().id(), key.mallId(), key.memberId()))
                .toList());
        // The cursor goes up to the first request that is not safe; those after it are published again, which a
        // unique row per campaign and member makes harmless.
        int unbroken = safe.contains(false) ? safe.indexOf(false) : safe.size();
        var last = unbroken == 0
                ? page.publishing().last()
                : page.targets().get(unbroken - 1).memberId();
        boolean finished =
                page.targets().size() < PAGE && unbroken == page.targets().size();
        return transactions.inOne(() -> {
            campaigns.moveOn(page.publishing(), last, unbroken, page.total(), finished);
            return unbroken;
        });
    }

    private Page page(Publishing publishing) {
        Long total = publishing.total();
        return new Page(
                publishing,
                members.targets(publishing.campaign(), publishing.last(), PAGE),
                total == null ? members.countTargets(publishing.campaign()) : total);
    }

    private record Page(Publishing publishing, List<Member.Key> targets, long total) {}
}
