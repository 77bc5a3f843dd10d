package mallstream.member.ports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.Exclusion;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.NoticeRecipient.State;
import org.jspecify.annotations.Nullable;

/** Campaigns and calls; it counts rows, where the database keeps counters. */
final class FakeNotices implements NoticeCampaigns {
    private final FakeTransactions transactions;
    private final FakeMembers members;
    private final Clock clock;
    private final Map<CampaignId, Campaign> campaigns = new LinkedHashMap<>();
    private final Map<UUID, Open> open = new LinkedHashMap<>();
    private final NoticeCalls calls = new Calls();

    FakeNotices(FakeTransactions transactions, FakeMembers members, Clock clock) {
        this.transactions = transactions;
        this.members = members;
        this.clock = clock;
    }

    NoticeCalls calls() {
        return calls;
    }

    @Override
    public synchronized void add(NoticeCampaign campaign) {
        transactions.mustBeOpen();
        campaigns.put(campaign.id(), new Campaign(campaign));
    }

    @Override
    public synchronized Optional<CampaignId> lockOpen(NoticeCampaign campaign) {
        transactions.mustBeOpen();
        return campaigns.values().stream()
                .filter(one -> !one.state.isOver())
                .map(one -> one.campaign)
                .filter(one -> one.year() == campaign.year() && one.channel() == campaign.channel())
                .filter(one -> one.mallId() == null
                        || campaign.mallId() == null
                        || one.mallId().equals(campaign.mallId()))
                .min(Comparator.comparing(NoticeCampaign::createdAt)
                        .thenComparing(one -> one.id().value().toString()))
                .map(NoticeCampaign::id);
    }

    @Override
    public synchronized Optional<NoticeCampaign> find(CampaignId id) {
        transactions.mustBeOpen();
        return Optional.ofNullable(campaigns.get(id)).map(Campaign::now);
    }

    @Override
    public Optional<NoticeCampaign> lock(CampaignId id) {
        return find(id);
    }

    @Override
    public synchronized void stop(CampaignId id, NoticeCampaign.State as) {
        transactions.mustBeOpen();
        there(id).state = as;
    }

    @Override
    public synchronized void resume(CampaignId id) {
        transactions.mustBeOpen();
        Campaign campaign = there(id);
        campaign.state = campaign.prepared ? NoticeCampaign.State.SENDING : NoticeCampaign.State.PREPARING;
        campaign.beginPass(clock.instant());
    }

    @Override
    public synchronized Status status(CampaignId id) {
        transactions.mustBeOpen();
        Campaign campaign = there(id);
        Instant from = campaign.countedFrom == null ? campaign.firstAt : campaign.countedFrom;
        Instant until = campaign.state == NoticeCampaign.State.SENDING ? clock.instant() : campaign.lastAt;
        return new Status(
                new Progress(
                        campaign.prepared ? (long) campaign.rows.size() : null, campaign.published, campaign.counts()),
                campaign.counts().finished() - campaign.countedFinished,
                from == null || until == null ? null : Duration.between(from, until));
    }

    @Override
    public synchronized Optional<Step> lease(Duration lease) {
        transactions.mustBeOpen();
        return campaigns.values().stream()
                .filter(one -> one.state == NoticeCampaign.State.PREPARING || one.state == NoticeCampaign.State.SENDING)
                .filter(one -> !one.stepUntil.isAfter(clock.instant()))
                .findFirst()
                .map(one -> {
                    one.stepUntil = clock.instant().plus(lease);
                    Phase phase = one.state == NoticeCampaign.State.PREPARING
                            ? Phase.PREPARING
                            : one.passEndedAt == null ? Phase.PUBLISHING : Phase.ENDING;
                    return new Step(one.now(), ++one.step, phase);
                });
    }

    @Override
    public synchronized void prepare(Step step, int most) {
        transactions.mustBeOpen();
        Campaign campaign = there(step.campaign().id());
        List<Member> page = members.of(step.campaign(), campaign.snapshotLast, most);
        for (Member member : page) {
            Exclusion why = members.exclusion(Some.keyOf(member));
            campaign.rows.putIfAbsent(
                    member.id().toString(),
                    new Recipient(Some.keyOf(member), why, why == null ? null : clock.instant()));
            campaign.snapshotLast = member.id();
        }
        if (page.size() < most) {
            campaign.prepared = true;
            campaign.state = NoticeCampaign.State.SENDING;
        }
        campaign.stepUntil = Instant.MIN;
    }

    @Override
    public synchronized Page ready(Step step, int most) {
        transactions.mustBeOpen();
        Campaign campaign = there(step.campaign().id());
        List<Member.Key> page = after(campaign, campaign.passLast)
                .filter(row -> row.state == State.READY)
                .limit(most)
                .map(row -> row.member)
                .toList();
        MemberId last = page.isEmpty() ? campaign.passLast : page.getLast().memberId();
        return new Page(page, last, page.size() < most);
    }

    private static Stream<Recipient> after(Campaign campaign, @Nullable MemberId last) {
        return (last == null ? campaign.rows : campaign.rows.tailMap(last.toString(), false)).values().stream();
    }

    @Override
    public synchronized void published(Step step, @Nullable MemberId last, int published, boolean end) {
        transactions.mustBeOpen();
        Campaign campaign = there(step.campaign().id());
        if (campaign.step == step.lease()) {
            campaign.passLast = last == null ? campaign.passLast : last;
            campaign.published += published;
            campaign.passEndedAt = end ? clock.instant() : null;
            campaign.stepUntil = Instant.MIN;
        }
    }

    @Override
    public synchronized boolean end(Step step, Duration stall) {
        transactions.mustBeOpen();
        Campaign campaign = there(step.campaign().id());
        Counts counts = campaign.counts();
        boolean isOpen = open.values().stream().anyMatch(call -> call.campaign == campaign && !call.over);
        if (counts.left() == 0 && !isOpen) {
            campaign.state = NoticeCampaign.State.DONE;
            return true;
        }
        if (counts.ready() > 0 && isQuietFor(campaign, stall)) {
            campaign.beginPass(clock.instant());
            return true;
        }
        Instant finished = campaign.finishedAt == null ? campaign.passEndedAt : campaign.finishedAt;
        if (finished != null && finished.isBefore(clock.instant().minus(Duration.ofMinutes(1)))) {
            campaign.countAnew(clock.instant());
        }
        campaign.stepUntil = clock.instant().plusSeconds(1);
        return false;
    }

    private boolean isQuietFor(Campaign campaign, Duration stall) {
        Instant passed = Objects.requireNonNull(campaign.passEndedAt);
        Instant last = campaign.lastAt;
        Instant finished = campaign.finishedAt == null ? campaign.campaign.createdAt() : campaign.finishedAt;
        Duration wait = Collections.min(
                List.of(Collections.max(List.of(stall, Duration.between(finished, passed))), stall.multipliedBy(12)));
        Instant since = last != null && last.isAfter(passed) ? last : passed;
        return since.isBefore(clock.instant().minus(wait));
    }

    @Override
    public synchronized List<NoticeRecipient> recipients(CampaignId id, @Nullable MemberId after, int most) {
        transactions.mustBeOpen();
        return after(there(id), after).limit(most).map(Recipient::shown).toList();
    }

    private Campaign there(CampaignId id) {
        Campaign campaign = campaigns.get(id);
        if (campaign == null) {
            throw new IllegalArgumentException("no such campaign");
        }
        return campaign;
    }

    private final class Calls implements NoticeCalls {
        @Override
        public List<Claimed> begin(Call call, Collection<MemberId> asked) {
            synchronized (FakeNotices.this) {
                transactions.mustBeOpen();
                Campaign campaign = there(call.campaignId());
                var claimed = new ArrayList<Claimed>();
                if (campaign.state != NoticeCampaign.State.SENDING) {
                    return claimed;
                }
                var rows = new ArrayList<Recipient>();
                asked.stream().map(MemberId::toString).distinct().sorted().forEach(id -> {
                    Recipient row = campaign.rows.get(id);
                    if (row != null && row.state == State.READY) {
                        claim(call, row).ifPresent(one -> {
                            claimed.add(one);
                            rows.add(row);
                        });
                    }
                });
                if (!rows.isEmpty()) {
                    campaign.firstAt = campaign.firstAt == null ? clock.instant() : campaign.firstAt;
                    open.put(
                            call.id(),
                            new Open(call, campaign, rows, clock.instant().plus(call.lease())));
                }
                return claimed;
            }
        }

        private Optional<Claimed> claim(Call call, Recipient row) {
            Optional<Member> member = members.find(row.member);
            Exclusion why = member.isEmpty() ? Exclusion.WITHDRAWN : members.exclusion(row.member);
            if (why != null) {
                row.exclude(why, call.begunAt());
                return Optional.empty();
            }
            row.state = State.SENDING;
            row.callId = call.id();
            row.begunAt = call.begunAt();
            String address = switch (call.channel()) {
                case ALIMTALK -> member.get().phone().value();
                case MAIL -> member.get().email().value();
            };
            return Optional.of(new Claimed(
                    row.id,
                    row.member.memberId(),
                    row.attempts,
                    address,
                    member.get().name().value()));
        }

        @Override
        public boolean end(UUID callId, Collection<Ended> results, Instant now, Duration settle) {
            synchronized (FakeNotices.this) {
                transactions.mustBeOpen();
                Open call = open.get(callId);
                if (call == null || call.over || call.lease > 0) {
                    return false;
                }
                call.lease++;
                call.leasedUntil = clock.instant().plus(settle);
                call.over = results.stream().noneMatch(ended -> ended.state() == State.UNKNOWN);
                record(call, results, now);
                return true;
            }
        }

        private void record(Open call, Collection<Ended> results, Instant now) {
            var byMember = new HashMap<MemberId, Recipient>();
            call.rows.forEach(row -> byMember.put(row.member.memberId(), row));
            for (Ended ended : results) {
                Recipient row = byMember.get(ended.memberId());
                if (row != null && call.id.equals(row.callId)) {
                    boolean ready = ended.state() == State.READY;
                    row.state = ended.state();
                    row.code = ended.code();
                    row.attempts += ended.attempt() ? 1 : 0;
                    row.callId = ready ? null : row.callId;
                    row.endedAt = ready ? null : now;
                    call.campaign.lastAt = clock.instant();
                    if (ended.state() == State.ACCEPTED || ended.state() == State.REJECTED) {
                        call.campaign.finishedAt = clock.instant();
                    }
                }
            }
        }

        @Override
        public boolean giveUp(Instant now, Duration settle) {
            synchronized (FakeNotices.this) {
                transactions.mustBeOpen();
                Optional<Open> overdue = due(call -> call.lease == 0);
                overdue.ifPresent(call -> {
                    call.lease++;
                    call.leasedUntil = clock.instant().plus(settle);
                    record(
                            call,
                            call.rows.stream()
                                    .map(row -> new Ended(row.member.memberId(), State.UNKNOWN, null, false))
                                    .toList(),
                            now);
                });
                return overdue.isPresent();
            }
        }

        private Optional<Open> due(Predicate<Open> which) {
            return open.values().stream()
                    .filter(call -> !call.over && which.test(call))
                    .filter(call -> !call.leasedUntil.isAfter(clock.instant()))
                    .findFirst();
        }

        @Override
        public Optional<Lost> lease(Duration lease) {
            synchronized (FakeNotices.this) {
                transactions.mustBeOpen();
                return due(call -> call.lease > 0).map(call -> {
                    call.leasedUntil = clock.instant().plus(lease);
                    return new Lost(
                            call.id,
                            call.campaign.campaign.id(),
                            call.campaign.campaign.channel(),
                            call.begunAt,
                            ++call.lease,
                            call.lookUps,
                            call.rows.stream()
                                    .filter(row -> row.state == State.UNKNOWN && call.id.equals(row.callId))
                                    .map(row -> new Row(row.id, row.member, row.attempts))
                                    .toList());
                });
            }
        }

        @Override
        public boolean resolve(Lost lost, Collection<Ended> results, Instant now, @Nullable Duration again) {
            synchronized (FakeNotices.this) {
                transactions.mustBeOpen();
                Open call = open.get(lost.id());
                if (call == null || call.over || call.lease != lost.lease()) {
                    return false;
                }
                call.lookUps++;
                call.over = again == null;
                call.leasedUntil = again == null ? Instant.MAX : clock.instant().plus(again);
                record(call, results, now);
                return true;
            }
        }

        @Override
        public Backlog backlog(Instant now) {
            synchronized (FakeNotices.this) {
                transactions.mustBeOpen();
                List<Open> left =
                        open.values().stream().filter(call -> !call.over).toList();
                Instant oldest = Stream.concat(left.stream().map(call -> call.begunAt), Stream.of(now))
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
                return new Backlog(
                        (int) left.stream().filter(call -> call.lease > 0).count(), Duration.between(oldest, now));
            }
        }
    }

    private static final class Campaign {
        private final NoticeCampaign campaign;
        private final TreeMap<String, Recipient> rows = new TreeMap<>();
        private NoticeCampaign.State state;
        private @Nullable MemberId snapshotLast;
        private boolean prepared;
        private @Nullable MemberId passLast;
        private @Nullable Instant passEndedAt;
        private long published;
        private long step;
        private Instant stepUntil = Instant.MIN;
        private @Nullable Instant firstAt;
        private @Nullable Instant lastAt;
        private @Nullable Instant finishedAt;
        private @Nullable Instant countedFrom;
        private long countedFinished;

        Campaign(NoticeCampaign campaign) {
            this.campaign = campaign;
            this.state = campaign.state();
        }

        NoticeCampaign now() {
            return new NoticeCampaign(
                    campaign.id(),
                    campaign.mallId(),
                    campaign.year(),
                    campaign.channel(),
                    campaign.template(),
                    campaign.templateVersion(),
                    campaign.createdAt(),
                    state);
        }

        void countAnew(Instant now) {
            countedFrom = now;
            countedFinished = counts().finished();
        }

        void beginPass(Instant now) {
            Counts counts = counts();
            countAnew(now);
            countedFrom = prepared ? now : null;
            published = counts.sending() + counts.finished() + counts.withdrawn();
            passLast = null;
            passEndedAt = null;
            step++;
            stepUntil = Instant.MIN;
        }

        Counts counts() {
            return new Counts(
                    count(State.READY),
                    count(State.SENDING),
                    count(State.ACCEPTED),
                    count(State.REJECTED),
                    count(State.UNKNOWN),
                    count(Exclusion.REFUSED),
                    count(Exclusion.NO_CONTACT_DATA),
                    count(Exclusion.WITHDRAWN));
        }

        private long count(State wanted) {
            return rows.values().stream().filter(row -> row.state == wanted).count();
        }

        private long count(Exclusion why) {
            return rows.values().stream()
                    .filter(row -> row.state == State.EXCLUDED && why.code().equals(row.code))
                    .count();
        }
    }

    private static final class Recipient {
        private final UUID id = Some.uuid();
        private final Member.Key member;
        private State state = State.READY;
        private @Nullable String code;
        private @Nullable UUID callId;
        private @Nullable Instant begunAt;
        private @Nullable Instant endedAt;
        private int attempts;

        Recipient(Member.Key member, @Nullable Exclusion why, @Nullable Instant now) {
            this.member = member;
            if (why != null && now != null) {
                exclude(why, now);
            }
        }

        void exclude(Exclusion why, Instant now) {
            state = State.EXCLUDED;
            code = why.code();
            endedAt = now;
        }

        NoticeRecipient shown() {
            return new NoticeRecipient(member.mallId(), member.memberId(), state, code, callId, begunAt, endedAt);
        }
    }

    private static final class Open {
        private final UUID id;
        private final Instant begunAt;
        private final Campaign campaign;
        private final List<Recipient> rows;
        private long lease;
        private Instant leasedUntil;
        private int lookUps;
        private boolean over;

        Open(NoticeCalls.Call call, Campaign campaign, List<Recipient> rows, Instant leasedUntil) {
            this.id = call.id();
            this.begunAt = call.begunAt();
            this.campaign = campaign;
            this.rows = rows;
            this.leasedUntil = leasedUntil;
        }
    }
}
