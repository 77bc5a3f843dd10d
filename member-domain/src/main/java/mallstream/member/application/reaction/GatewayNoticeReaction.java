package mallstream.member.application.reaction;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static mallstream.member.application.port.in.Reaction.StartsAt.RETAINED;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final SendNotices gateway;
    private final Clock clock;
    private final RandomGenerator random;

    GatewayNoticeReaction(
            Transactions transactions,
            NoticeCampaigns campaigns,
            Members members,
            SendNotices gateway,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.members = members;
        this.gateway = gateway;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<Outcome> on(List<NoticeRequested> requests) {
        var outcomes = new HashMap<NoticeRequested, Outcome>();
        List<Batch> batches = transactions.inOne(() -> begin(requests, outcomes));
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            List<SendNotices.Result> results;
            try {
                results = gateway.send(batch.notice());
            } catch (Unavailable e) {
                giveBack(batches.subList(i, batches.size()));
                throw e;
            }
            Instant now = clock.instant();
            transactions.inOne(() -> {
                campaigns.record(sent(batch, results), now);
                return batch;
            });
        }
        return requests.stream()
                .map(request -> outcomes.getOrDefault(request, new Outcome.Done()))
                .toList();
    }

    /** Marks what nobody has sent, and leaves an outcome for what needs no call. */
    private List<Batch> begin(List<NoticeRequested> requests, Map<NoticeRequested, Outcome> outcomes) {
        Map<CampaignId, NoticeCampaign> known = requests.stream()
                .map(NoticeRequested::campaignId)
                .distinct()
                .flatMap(id -> campaigns.find(id).stream())
                .collect(toMap(NoticeCampaign::id, campaign -> campaign));
        List<NoticeRequested> wanted = new ArrayList<>();
        for (NoticeRequested request : requests.stream().distinct().toList()) {
            if (known.containsKey(request.campaignId())) {
                wanted.add(request);
            } else {
                outcomes.put(request, new Outcome.Refused("unknown-campaign"));
            }
        }
        Map<NoticeRequested, UUID> mine = claim(wanted, outcomes);
        Map<Member.Key, Member> found =
                members
                        .findAll(mine.keySet().stream()
                                .map(GatewayNoticeReaction::keyOf)
                                .toList())
                        .stream()
                        .collect(toMap(member -> new Member.Key(member.mallId(), member.id()), member -> member));
        return batches(mine, known, found);
    }

    private Map<NoticeRequested, UUID> claim(List<NoticeRequested> wanted, Map<NoticeRequested, Outcome> outcomes) {
        Instant now = clock.instant();
        List<UUID> rowIds =
                wanted.stream().map(request -> UuidV7.at(now, random)).toList();
        List<Claim> claims = campaigns.beginSending(wanted, rowIds, now);
        var mine = new LinkedHashMap<NoticeRequested, UUID>();
        for (int i = 0; i < wanted.size(); i++) {
            switch (claims.get(i)) {
                case Claim.Mine claimed -> mine.put(wanted.get(i), claimed.rowId());
                case Claim.Before ignored -> outcomes.put(wanted.get(i), new Outcome.AlreadyDone());
            }
        }
        return mine;
    }

    private List<Batch> batches(
            Map<NoticeRequested, UUID> mine, Map<CampaignId, NoticeCampaign> known, Map<Member.Key, Member> found) {
        var nobody = new ArrayList<Sent>();
        var recipients = new ArrayList<Map.Entry<CampaignId, Recipient>>();
        mine.forEach((request, rowId) -> {
            Member member = found.get(keyOf(request));
            if (member == null) {
                nobody.add(new Sent(rowId, State.REJECTED, "no-member"));
            } else {
                recipients.add(Map.entry(
                        request.campaignId(),
                        new Recipient(
                                rowId, member.phone().value(), member.name().value())));
            }
        });
        campaigns.record(nobody, clock.instant());
        var batches = new ArrayList<Batch>();
        recipients.stream()
                .collect(groupingBy(Map.Entry::getKey, LinkedHashMap::new, toList()))
                .forEach((id, of) -> {
                    NoticeCampaign campaign = Objects.requireNonNull(known.get(id));
                    for (int from = 0; from < of.size(); from += SendNotices.MOST) {
                        List<Recipient> some = of.subList(from, Math.min(of.size(), from + SendNotices.MOST)).stream()
                                .map(Map.Entry::getValue)
                                .toList();
                        batches.add(new Batch(new Notice(id, campaign.template(), some)));
                    }
                });
        return batches;
    }

    private void giveBack(Collection<Batch> batches) {
        List<UUID> rows =
                batches.stream().flatMap(batch -> batch.rowIds().stream()).toList();
        transactions.inOne(() -> {
            campaigns.undo(rows);
            return rows;
        });
    }

    private static List<Sent> sent(Batch batch, List<SendNotices.Result> results) {
        var sent = new ArrayList<Sent>(results.size());
        for (int i = 0; i < results.size(); i++) {
            UUID rowId = batch.rowIds().get(i);
            sent.add(
                    switch (results.get(i)) {
                        case SendNotices.Result.Accepted accepted ->
                            new Sent(rowId, State.ACCEPTED, accepted.requestId());
                        case SendNotices.Result.Rejected rejected -> new Sent(rowId, State.REJECTED, rejected.code());
                        case SendNotices.Result.Unknown ignored -> new Sent(rowId, State.UNKNOWN, null);
                    });
        }
        return sent;
    }

    private static Member.Key keyOf(NoticeRequested request) {
        return new Member.Key(request.mallId(), request.memberId());
    }

    private record Batch(Notice notice) {
        List<UUID> rowIds() {
            return notice.recipients().stream().map(Recipient::rowId).toList();
        }
    }
}
