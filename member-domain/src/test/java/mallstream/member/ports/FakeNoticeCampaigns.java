package mallstream.member.ports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRequested;
import org.jspecify.annotations.Nullable;

final class FakeNoticeCampaigns implements NoticeCampaigns {
    private final FakeTransactions transactions;
    private final Clock clock;
    private final Map<CampaignId, Row> rows = new LinkedHashMap<>();
    private final Map<To, Recipient> recipients = new HashMap<>();

    FakeNoticeCampaigns(FakeTransactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public synchronized void add(NoticeCampaign campaign) {
        transactions.mustBeOpen();
        rows.put(campaign.id(), new Row(campaign));
    }

    @Override
    public synchronized Optional<NoticeCampaign> find(CampaignId id) {
        transactions.mustBeOpen();
        return Optional.ofNullable(rows.get(id)).map(row -> row.campaign);
    }

    @Override
    public synchronized Status status(CampaignId id) {
        transactions.mustBeOpen();
        Row row = rows.get(id);
        if (row == null) {
            throw new IllegalArgumentException("no such campaign");
        }
        Instant first = recipients.entrySet().stream()
                .filter(one -> one.getKey().campaign().equals(id))
                .map(one -> one.getValue().begunAt)
                .min(Instant::compareTo)
                .orElse(null);
        return new Status(
                new Progress(
                        row.total,
                        row.published,
                        count(id, State.ACCEPTED),
                        count(id, State.REJECTED),
                        count(id, State.UNKNOWN)),
                first);
    }

    @Override
    public synchronized Optional<Publishing> lease(Duration lease) {
        transactions.mustBeOpen();
        return rows.values().stream()
                .filter(row -> !row.finished && !row.leasedUntil.isAfter(clock.instant()))
                .findFirst()
                .map(row -> {
                    row.leasedUntil = clock.instant().plus(lease);
                    return new Publishing(row.campaign, ++row.lease, row.last, row.total);
                });
    }

    @Override
    public synchronized void moveOn(
            Publishing publishing, @Nullable MemberId last, int published, long total, boolean finished) {
        transactions.mustBeOpen();
        Row row = rows.get(publishing.campaign().id());
        if (row != null && row.lease == publishing.lease()) {
            row.last = last;
            row.published += published;
            row.total = total;
            row.finished = finished;
            row.leasedUntil = Instant.MIN;
        }
    }

    @Override
    public synchronized List<Claim> beginSending(List<NoticeRequested> requests, List<UUID> rowIds, Instant now) {
        transactions.mustBeOpen();
        var claims = new ArrayList<Claim>();
        for (int i = 0; i < requests.size(); i++) {
            var to = new To(requests.get(i).campaignId(), requests.get(i).memberId());
            Recipient before = recipients.putIfAbsent(to, new Recipient(rowIds.get(i), now));
            if (before == null) {
                claims.add(new Claim.Mine(rowIds.get(i)));
            } else {
                before.state = before.state == null ? State.UNKNOWN : before.state;
                claims.add(new Claim.Before());
            }
        }
        return claims;
    }

    @Override
    public synchronized void record(Collection<Sent> results, Instant now) {
        transactions.mustBeOpen();
        for (Sent sent : results) {
            recipients.values().stream()
                    .filter(one -> one.id.equals(sent.rowId()))
                    .forEach(one -> one.state = sent.state());
        }
    }

    @Override
    public synchronized void undo(Collection<UUID> rowIds) {
        transactions.mustBeOpen();
        recipients
                .values()
                .removeIf(one -> rowIds.contains(one.id) && (one.state == null || one.state == State.UNKNOWN));
    }

    private long count(CampaignId id, State state) {
        return recipients.entrySet().stream()
                .filter(one -> one.getKey().campaign().equals(id) && one.getValue().state == state)
                .count();
    }

    private record To(CampaignId campaign, MemberId member) {}

    private static final class Recipient {
        private final UUID id;
        private final Instant begunAt;
        private @Nullable State state;

        Recipient(UUID id, Instant begunAt) {
            this.id = id;
            this.begunAt = begunAt;
        }
    }

    private static final class Row {
        private final NoticeCampaign campaign;
        private @Nullable Long total;
        private long published;
        private @Nullable MemberId last;
        private boolean finished;
        private long lease;
        private Instant leasedUntil = Instant.MIN;

        Row(NoticeCampaign campaign) {
            this.campaign = campaign;
        }
    }
}
