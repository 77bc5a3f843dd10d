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
        requests.stream()
                .distinct()
                .collect(groupingBy(NoticeRequested::campaignId, LinkedHashMap::new, toList()))
                .forEach((campaign, of) -> {
                    for (int from = 0; from < of.size(); from += SendNotices.MOST) {
                        tell(campaign, of.subList(from, Math.min(of.size(), from + SendNotices.MOST)), outcomes);
                    }
                });
        return requests.stream()
                .map(request -> Objects.requireNonNull(outcomes.get(request)))
                .toList();
    }

    /**
     * Makes one call at the most. Rows are marked just before the call that they are for, and not all of a batch at once:
     * so what stays unknown after a crash was really on its way. It costs a transaction more per call.
     */
    private void tell(CampaignId id, List<NoticeRequested> requests, Map<NoticeRequested, Outcome> outcomes) {
        Optional<Notice> notice = transactions.inOne(() -> begin(id, requests, outcomes));
        if (notice.isEmpty()) {
            return;
        }
        List<Recipient> recipients = notice.get().recipients();
        List<SendNotices.Result> results = send(notice.get());
        Instant now = clock.instant();
        transactions.inOne(() -> {
            campaigns.record(sent(recipients, results), now);
            return recipients;
        });
    }

    /** Marks what nobody has sent, leaves an outcome for each request, and gives what is to be sent. */
    private Optional<Notice> begin(
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
                : Optional.of(new Notice(id, campaign.get().template(), recipients));
    }

    private List<SendNotices.Result> send(Notice notice) {
        try {
            return gateway.send(notice);
        } catch (Unavailable e) {
            List<UUID> rows = notice.recipients().stream().map(Recipient::rowId).toList();
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
                        case SendNotices.Result.Unknown ignored -> new Sent(rowId, State.UNKNOWN, null);
                    });
        }
        return sent;
    }

    private static Member.Key keyOf(NoticeRequested request) {
        return new Member.Key(request.mallId(), request.memberId());
    }
}
