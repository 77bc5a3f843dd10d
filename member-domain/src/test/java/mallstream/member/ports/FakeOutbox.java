package mallstream.member.ports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;

/** With four buckets, so that members share one. */
final class FakeOutbox implements Outbox {
    private static final int BUCKETS = 4;

    private final FakeTransactions transactions;
    private final Clock clock;
    private final List<Row> rows = new ArrayList<>();
    private final Map<Integer, Lease> leases = new HashMap<>();
    private final Map<MemberId, Instant> waiting = new HashMap<>();
    private long sequence;

    FakeOutbox(FakeTransactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public synchronized void append(MemberSignedUp event) {
        transactions.mustBeOpen();
        rows.add(new Row(++sequence, event, clock.instant()));
    }

    @Override
    public synchronized List<Claimed> claim(int most, Duration lease) {
        transactions.mustBeOpen();
        Instant now = clock.instant();
        Set<Integer> taken = new HashSet<>();
        leases.forEach((bucket, held) -> {
            if (held.until().isAfter(now)) {
                taken.add(bucket);
            }
        });
        var claimed = new ArrayList<Claimed>();
        for (Row row : rows) {
            boolean waits =
                    waiting.getOrDefault(row.event().memberId(), Instant.MIN).isAfter(now);
            if (claimed.size() < most && !taken.contains(row.bucket()) && !waits) {
                claimed.add(new Claimed(row.sequence(), row.bucket(), fence(row.bucket()) + 1, row.event()));
            }
        }
        claimed.stream()
                .map(Claimed::bucket)
                .distinct()
                .toList()
                .forEach(bucket -> leases.put(bucket, new Lease(fence(bucket) + 1, now.plus(lease))));
        return claimed;
    }

    @Override
    public synchronized void settle(Collection<Claimed> published, Collection<Claimed> failed, Duration pause) {
        transactions.mustBeOpen();
        Instant now = clock.instant();
        published.stream().filter(this::holds).forEach(one -> rows.removeIf(row -> row.sequence() == one.sequence()));
        failed.stream()
                .filter(this::holds)
                .forEach(one -> waiting.put(one.event().memberId(), now.plus(pause)));
        for (var all : List.of(published, failed)) {
            all.stream()
                    .filter(this::holds)
                    .forEach(one -> leases.put(one.bucket(), new Lease(one.fence(), Instant.MIN)));
        }
    }

    @Override
    public synchronized Duration oldestAge() {
        transactions.mustBeOpen();
        return rows.isEmpty() ? Duration.ZERO : Duration.between(rows.getFirst().storedAt(), clock.instant());
    }

    private boolean holds(Claimed claimed) {
        return fence(claimed.bucket()) == claimed.fence();
    }

    private long fence(int bucket) {
        Lease lease = leases.get(bucket);
        return lease == null ? 0 : lease.fence();
    }

    private record Row(long sequence, MemberSignedUp event, Instant storedAt) {
        int bucket() {
            return Math.floorMod(event.memberId().value().hashCode(), BUCKETS);
        }
    }

    private record Lease(long fence, Instant until) {}
}
