package mallstream.member.application.reaction;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static mallstream.member.application.port.in.Reaction.StartsAt.RETAINED;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeCampaigns.Claim;
import mallstream.member.application.port.out.NoticeCampaigns.Sent;
import mallstream.member.application.port.out.NoticeCampaigns.State;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.port.out.SendNotices.Notice;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Member;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.Unavailable;
import mallstream.member.model.UuidV7;

/**
 * Sends requested notices by the message gateway, many in one call and nobody twice: a row per campaign and member is
 * marked before the call, and a mark whose call was never answered stays unknown and is not sent again.
 */
@Reaction(value = "notice", startsAt = RETAINED)
final class GatewayNoticeReaction implements NoticeReaction {
    private final Transactions transactions;
    private final NoticeCampaigns campaigns;
    private final Members members;
    private final List<SendNotices> senders;
    private final Clock clock;
    private final RandomGenerator random;

    GatewayNoticeReaction(
            Transactions transactions,
            NoticeCampaigns campaigns,
            Members members,
            List<SendNotices> senders,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.members = members;
        this.senders = senders;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<Outcome> on(List<NoticeRequested> requests) {
        var outcomes = new HashMap<NoticeRequested, Outcome>();
        requests.stream()
                .distinct()
                .collect(groupingBy(NoticeRequested::campaignId, LinkedHashMap::new, toList()))
                .forEach((campaign, of) -> {
                    int most = most(campaign);
                    for (int from = 0; from < of.size(); from += most) {
                        tell(campaign, of.subList(from, Math.min(of.size(), from + most)), outcomes);
                    }
                });
        return requests.stream()
                .map(request -> Objects.requireNonNull(outcomes.get(request)))
                .toList();
    }

    /** Of a campaign that is not there nothing is sent, so any number will do. */
    private int most(CampaignId id) {
        Optional<NoticeCampaign> campaign = transactions.inOne(() -> campaigns.find(id));
        return campaign.map(found -> sender(found).most()).orElse(1000);
    }

    private SendNotices sender(NoticeCampaign campaign) {
        return senders.stream()
                .filter(each -> each.channel() == campaign.channel())
                .findFirst()
                .orElseThrow();
    }

    /**
     * Makes one call at the most. Rows are marked just before the call that they are for, and not all of a batch at once:
     * so what stays unknown after a crash was really on its way. It costs a transaction more per call.
     */
    private void tell(CampaignId id, List<NoticeRequested> requests, Map<NoticeRequested, Outcome> outcomes) {
        Optional<Begun> begun = transactions.inOne(() -> begin(id, requests, outcomes));
        if (begun.isEmpty()) {
            return;
        }
        List<Recipient> recipients = begun.get().notice().recipients();
        List<SendNotices.Result> results = send(begun.get());
        Instant now = clock.instant();
        transactions.inOne(() -> {
            campaigns.record(sent(recipients, results), now);
            return recipients;
        });
    }

    /** Marks what nobody has sent, leaves an outcome for each request, and gives what is to be sent. */
    private Optional<Begun> begin(
            CampaignId id, List<NoticeRequested> requests, Map<NoticeRequested, Outcome> outcomes) {
        Optional<NoticeCampaign> campaign = campaigns.find(id);
        if (campaign.isEmpty()) {
            requests.forEach(request -> outcomes.put(request, new Outcome.Refused("unknown-campaign")));
            return Optional.empty();
        }
        Instant now = clock.instant();
        List<UUID> rowIds =
                requests.stream().map(request -> UuidV7.at(now, random)).toList();
        List<Claim> claims = campaigns.beginSending(requests, rowIds, now);
        Map<Member.Key, Member> found =
                members
                        .findAll(requests.stream()
                                .map(GatewayNoticeReaction::keyOf)
                                .toList())
                        .stream()
                        .collect(toMap(member -> new Member.Key(member.mallId(), member.id()), member -> member));
        var recipients = new ArrayList<Recipient>();
        var nobody = new ArrayList<Sent>();
        for (int i = 0; i < requests.size(); i++) {
            NoticeRequested request = requests.get(i);
            switch (claims.get(i)) {
                case Claim.Before ignored -> outcomes.put(request, new Outcome.AlreadyDone());
                case Claim.Mine mine -> {
                    outcomes.put(request, new Outcome.Done());
                    Member member = found.get(keyOf(request));
                    if (member == null) {
                        nobody.add(new Sent(mine.rowId(), State.REJECTED, "no-member"));
                    } else {
                        recipients.add(new Recipient(
                                mine.rowId(),
                                member.phone().value(),
                                member.name().value()));
                    }
                }
            }
        }
        campaigns.record(nobody, now);
        return recipients.isEmpty()
                ? Optional.empty()
                : Optional.of(new Begun(
                        sender(campaign.get()),
                        new Notice(UuidV7.at(now, random), campaign.get().template(), null, recipients)));
    }

    private record Begun(SendNotices sender, Notice notice) {}

    private List<SendNotices.Result> send(Begun begun) {
        try {
            return begun.sender().send(begun.notice());
        } catch (Unavailable e) {
            List<UUID> rows =
                    begun.notice().recipients().stream().map(Recipient::rowId).toList();
            transactions.inOne(() -> {
                campaigns.undo(rows);
                return rows;
            });
            throw e;
        }
    }

    private static List<Sent> sent(List<Recipient> recipients, List<SendNotices.Result> results) {
        var sent = new ArrayList<Sent>(results.size());
        for (int i = 0; i < results.size(); i++) {
            UUID rowId = recipients.get(i).rowId();
            sent.add(
                    switch (results.get(i)) {
                        case SendNotices.Result.Accepted accepted ->
                            new Sent(rowId, State.ACCEPTED, accepted.requestId());
                        case SendNotices.Result.Rejected rejected -> new Sent(rowId, State.REJECTED, rejected.code());
                        case SendNotices.Result.Later later -> new Sent(rowId, State.REJECTED, later.code());
                        case SendNotices.Result.Unknown ignored -> new Sent(rowId, State.UNKNOWN, null);
                    });
        }
        return sent;
    }

    private static Member.Key keyOf(NoticeRequested request) {
        return new Member.Key(request.mallId(), request.memberId());
    }
}
