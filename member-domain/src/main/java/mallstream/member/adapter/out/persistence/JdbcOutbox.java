package mallstream.member.adapter.out.persistence;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Leases run by the database's clock: instances whose clocks differ agree all the same. */
@Component
final class JdbcOutbox implements Outbox {
    private static final int BUCKETS = 64;

    private final JdbcClient jdbc;

    JdbcOutbox(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void append(MemberSignedUp event) {
        // The lock makes a member's rows get their numbers in the order in which their transactions commit: without it
        // a transaction with a lower number can commit after one with a higher number was published. It costs writers
        // of one member their concurrency, and no one else.
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))::text")
                .param("member.outbox/" + event.memberId())
                .query(String.class)
                .single();
        jdbc.sql("""
                        insert into member.outbox (bucket, mall_id, member_id, event_id, happened_at)
                        values (?, ?, ?, ?, ?)""")
                .param(bucketOf(event.memberId()))
                .param(event.mallId().value())
                .param(event.memberId().value())
                .param(event.eventId())
                .param(Columns.time(event.signedUpAt()))
                .update();
    }

    @Override
    public List<Claimed> claim(int most, Duration lease) {
        List<Bucket> buckets = claimBuckets(lease);
        if (buckets.isEmpty()) {
            return List.of();
        }
        var claims = Rows.of(buckets);
        // A member whose first event could not be published waits with all of its later ones.
        List<Claimed> claimed = jdbc.sql("""
                        select o.sequence, o.bucket, c.fence, o.mall_id, o.member_id, o.event_id, o.happened_at
                        from unnest(?::bigint[], ?::bigint[]) as c (bucket, fence)
                        join member.outbox o on o.bucket = c.bucket
                        where not exists (select 1 from member.outbox h
                                          where h.member_id = o.member_id and h.retry_at > now())
                        order by o.sequence limit ?""")
                .param(claims.longs(Bucket::number))
                .param(claims.longs(Bucket::fence))
                .param(most)
                .query((row, n) -> new Claimed(
                        row.getLong("sequence"),
                        row.getInt("bucket"),
                        row.getLong("fence"),
                        new MemberSignedUp(
                                Columns.uuid(row, "event_id"),
                                new MallId(row.getString("mall_id")),
                                new MemberId(Columns.uuid(row, "member_id")),
                                Columns.instant(row, "happened_at"))))
                .list();
        Set<Bucket> withEvents = bucketsOf(claimed.stream());
        release(buckets.stream().filter(bucket -> !withEvents.contains(bucket)).toList());
        return claimed;
    }

    /**
     * Buckets that were let go longest ago come first, so that a busy one cannot keep the others waiting. They are chosen
     * in a CTE, which runs once; a subquery in FROM may run once per row and lock more than its limit.
     */
    private List<Bucket> claimBuckets(Duration lease) {
        return jdbc.sql("""
                        with due as (
                          select d.bucket from member.outbox_bucket d
                          where d.leased_until < now()
                            and exists (select 1 from member.outbox o where o.bucket = d.bucket)
                          order by d.leased_until limit ?
                          for update skip locked)
                        update member.outbox_bucket b
                        set fence = fence + 1, leased_until = now() + make_interval(secs => ?)
                        from due where b.bucket = due.bucket
                        returning b.bucket, b.fence""")
                .param(BUCKETS / 4)
                .param(Columns.seconds(lease))
                .query((row, n) -> new Bucket(row.getLong("bucket"), row.getLong("fence")))
                .list();
    }

    private void release(Collection<Bucket> buckets) {
        var rows = Rows.of(buckets);
        jdbc.sql("""
                        update member.outbox_bucket b set leased_until = now() - interval '1 microsecond'
                        from unnest(?::bigint[], ?::bigint[]) as c (bucket, fence)
                        where b.bucket = c.bucket and b.fence = c.fence""")
                .param(rows.longs(Bucket::number))
                .param(rows.longs(Bucket::fence))
                .update();
    }

    private static Set<Bucket> bucketsOf(Stream<Claimed> claimed) {
        return claimed.map(one -> new Bucket(one.bucket(), one.fence())).collect(toSet());
    }

    @Override
    public void settle(Collection<Claimed> published, Collection<Claimed> failed, Duration pause) {
        var done = Rows.of(published);
        jdbc.sql("""
                        delete from member.outbox o
                        using unnest(?::bigint[], ?::bigint[]) as p (sequence, fence), member.outbox_bucket b
                        where o.sequence = p.sequence and b.bucket = o.bucket and b.fence = p.fence""")
                .param(done.longs(Claimed::sequence))
                .param(done.longs(Claimed::fence))
                .update();
        var kept = Rows.of(failed);
        jdbc.sql("""
                        update member.outbox o set retry_at = now() + make_interval(secs => ?)
                        from unnest(?::bigint[], ?::bigint[]) as f (sequence, fence), member.outbox_bucket b
                        where o.sequence = f.sequence and b.bucket = o.bucket and b.fence = f.fence""")
                .param(Columns.seconds(pause))
                .param(kept.longs(Claimed::sequence))
                .param(kept.longs(Claimed::fence))
                .update();
        release(bucketsOf(Stream.concat(published.stream(), failed.stream())));
    }

    @Override
    public Duration oldestAge() {
        return Duration.ofMillis(jdbc.sql("""
                        select (extract(epoch from now() - stored_at) * 1000)::bigint
                        from member.outbox order by sequence limit 1""").query(Long.class).optional().orElse(0L));
    }

    private static int bucketOf(MemberId member) {
        return Math.floorMod(member.value().hashCode(), BUCKETS);
    }

    private record Bucket(long number, long fence) {}
}
