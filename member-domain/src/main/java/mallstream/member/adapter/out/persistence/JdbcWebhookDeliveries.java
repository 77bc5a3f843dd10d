package mallstream.member.adapter.out.persistence;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcWebhookDeliveries implements WebhookDeliveries {
    private static final UUID LOWEST = new UUID(0, 0);
    private static final UUID HIGHEST = new UUID(-1, -1);

    /** What waits for a disabled endpoint is shown as given up from the start; its rows follow in bites. */
    private static final String SHOWN = """
                        select d.id, d.endpoint_id, d.event_type, d.member_id, d.attempts, d.last_status,
                          case when ended then 'GIVEN_UP' else d.state end as shown,
                          case when ended then e.disabled_reason else d.last_reason end as reason,
                          case when not ended then d.next_attempt_at end as next_attempt_at
                        from member.webhook_delivery d join member.webhook_endpoint e on e.id = d.endpoint_id
                        cross join lateral (select d.state = 'PENDING' and e.disabled_at is not null as ended) o
                        """;

    private final JdbcClient jdbc;
    private final SecretCipher cipher;

    private final AtomicReference<UUID> last = new AtomicReference<>(LOWEST);

    JdbcWebhookDeliveries(JdbcClient jdbc, SecretCipher cipher) {
        this.jdbc = jdbc;
        this.cipher = cipher;
    }

    @Override
    public int add(Collection<MemberSignedUp> signUps) {
        var rows = Rows.of(signUps);
        return jdbc.sql("""
                        insert into member.webhook_delivery
                          (endpoint_id, mall_id, member_id, event_type, body, next_attempt_at)
                        select e.id, s.mall_id, s.member_id, 'member.signed-up',
                               json_build_object(
                                 'type', 'member.signed-up', 'timestamp', s.signed_up_at,
                                 'data', json_build_object('mallId', s.mall_id, 'memberId', s.member_id)),
                               now()
                        from unnest(?::text[], ?::uuid[], ?::text[]) as s (mall_id, member_id, signed_up_at)
                        join member.webhook_endpoint e on e.mall_id = s.mall_id and e.disabled_at is null
                          and (cardinality(e.types) = 0 or 'member.signed-up' = any(e.types))
                        order by e.id, s.member_id
                        for share of e
                        on conflict (endpoint_id, member_id, event_type) do nothing""")
                .param(rows.texts(signUp -> signUp.mallId().value()))
                .param(rows.uuids(signUp -> signUp.memberId().value()))
                .param(rows.times(MemberSignedUp::signedUpAt))
                .update();
    }

    @Override
    public UUID addTest(UUID endpointId, Instant now) {
        // The jar before this one cannot read a row without a member, so it names itself; no member has the id of a
        // delivery.
        return jdbc.sql("""
                        with made as (select member.uuid_v7() as id)
                        insert into member.webhook_delivery
                          (id, endpoint_id, mall_id, member_id, event_type, body, next_attempt_at)
                        select made.id, e.id, e.mall_id, made.id, 'webhook.test',
                               json_build_object(
                                 'type', 'webhook.test', 'timestamp', ?::text,
                                 'data', json_build_object('mallId', e.mall_id, 'endpointId', e.id)),
                               ?
                        from made, member.webhook_endpoint e where e.id = ?
                        returning id""")
                .param(now.toString())
                .param(Columns.time(now))
                .param(endpointId)
                .query((row, n) -> Columns.uuid(row, "id"))
                .single();
    }

    @Override
    public boolean redeliver(UUID endpointId, UUID id, Instant now) {
        jdbc.sql("""
                        update member.webhook_delivery
                        set state = 'PENDING', attempts = 0, next_attempt_at = ?, ended_at = null
                        where id = ? and endpoint_id = ? and leased_until <= now()""").param(Columns.time(now)).param(id).param(endpointId).update();
        return jdbc.sql("select exists (select 1 from member.webhook_delivery where id = ? and endpoint_id = ?)")
                .param(id)
                .param(endpointId)
                .query(Boolean.class)
                .single();
    }

    @Override
    public int redeliverFailed(UUID endpointId, Instant since, int most, Instant now) {
        return jdbc.sql("""
                        update member.webhook_delivery
                        set state = 'PENDING', attempts = 0, next_attempt_at = ?, ended_at = null
                        where id in (select id from member.webhook_delivery
                                     where endpoint_id = ? and state = 'GIVEN_UP' and ended_at >= ?
                                     order by ended_at, id limit ? for update skip locked)""")
                .param(Columns.time(now))
                .param(endpointId)
                .param(Columns.time(since))
                .param(most)
                .update();
    }

    @Override
    public List<Due> lease(Instant now, int perEndpoint, int most, Duration lease) {
        List<UUID> withDue = lockWithDue(now, perEndpoint, most);
        if (withDue.isEmpty()) {
            return List.of();
        }
        var endpoints = Rows.of(withDue);
        return jdbc.sql("""
                        with due as (
                          select d.id from unnest(?::uuid[]) as one (id)
                          join member.webhook_endpoint e on e.id = one.id
                          cross join lateral (
                            select count(*) as taken from (
                              select from member.webhook_delivery
                              where endpoint_id = e.id and state = 'PENDING' and leased_until > now()
                              order by leased_until desc limit ?) l) l
                          cross join lateral (
                            select id, next_attempt_at from member.webhook_delivery
                            where endpoint_id = e.id and state = 'PENDING' and leased_until <= now()
                              and next_attempt_at <= greatest(?, now())
                            order by next_attempt_at
                            limit greatest(0, case when e.paused_until is null then ? else 1 end - l.taken)
                            for update skip locked) d
                          order by d.next_attempt_at limit ?)
                        update member.webhook_delivery d
                        set lease = d.lease + 1, leased_until = now() + make_interval(secs => ?)
                        from due, member.webhook_endpoint e
                        where d.id = due.id and e.id = d.endpoint_id
                        returning d.id, d.lease, d.attempts, d.body, e.id as endpoint_id, e.url, e.secret,
                          case when e.previous_secret_until > greatest(?, now()) then e.previous_secret end as previous,
                          e.failures > 0 or e.paused_until is not null as failing""")
                .param(endpoints.uuids(id -> id))
                .param(perEndpoint)
                .param(Columns.time(now))
                .param(perEndpoint)
                .param(most)
                .param(Columns.seconds(lease))
                .param(Columns.time(now))
                .query((row, n) -> {
                    UUID endpoint = Columns.uuid(row, "endpoint_id");
                    return new Due(
                            Columns.uuid(row, "id"),
                            row.getLong("lease"),
                            row.getInt("attempts"),
                            new Target(
                                    endpoint,
                                    URI.create(row.getString("url")),
                                    readable(endpoint, row.getBytes("secret"), row.getBytes("previous")),
                                    row.getBoolean("failing")),
                            row.getString("body"));
                })
                .list();
    }

    /** One secret that does not open must not keep the others' deliveries waiting. */
    private List<Secret> readable(UUID endpoint, byte[] newest, byte @Nullable [] previous) {
        try {
            Secret first = cipher.open(endpoint, newest);
            return previous == null ? List.of(first) : List.of(first, cipher.open(endpoint, previous));
        } catch (IllegalStateException e) {
            return List.of();
        }
    }

    /** Endpoints take turns: the search begins behind the last one that was found, and goes round once. */
    private List<UUID> lockWithDue(Instant now, int perEndpoint, int most) {
        UUID begin = last.get();
        var found = new ArrayList<>(lockWithDue(begin, HIGHEST, now, perEndpoint, most));
        if (found.size() < most && !begin.equals(LOWEST)) {
            found.addAll(lockWithDue(LOWEST, begin, now, perEndpoint, most - found.size()));
        }
        if (!found.isEmpty()) {
            last.set(found.getLast());
        }
        return found;
    }

    /**
     * Locks endpoints that have something due, by the clock of the caller or of the database, whichever is ahead: rows are
     * added with the one and put off with the other. The first condition costs an idle poll one look into an index. How many
     * are leased is asked here, so that an endpoint at its cap takes no place of another, and again in the statement after
     * this one: that sees all that those before us have leased, since they held the lock until they committed.
     *
     * <p>It goes from endpoint to endpoint of those that something waits for, and no further than it must: others are not
     * read, however many there are. Subqueries with a limit or a lock are not turned into joins, whatever the planner
     * thinks of the sizes of the tables; nor may this be sorted, for then each endpoint is looked at first. What is leased
     * is counted in the order of its index: without statistics the other index may be taken, which reads all that waits.
     */
    private List<UUID> lockWithDue(UUID after, UUID until, Instant now, int perEndpoint, int most) {
        return jdbc.sql("""
                        with recursive waiting (id) as (
                          (select endpoint_id from member.webhook_delivery
                           where state = 'PENDING' and endpoint_id > :after and endpoint_id <= :until
                             and (select next_attempt_at from member.webhook_delivery where state = 'PENDING'
                                  order by next_attempt_at limit 1) <= greatest(:now, now())
                           order by endpoint_id limit 1)
                          union all
                          select n.endpoint_id from waiting w cross join lateral (
                            select endpoint_id from member.webhook_delivery
                            where state = 'PENDING' and endpoint_id > w.id and endpoint_id <= :until
                            order by endpoint_id limit 1) n)
                        select e.id from waiting w
                        cross join lateral (select next_attempt_at from member.webhook_delivery
                                            where endpoint_id = w.id and state = 'PENDING' and leased_until <= now()
                                              and next_attempt_at <= greatest(:now, now())
                                            order by next_attempt_at limit 1) d
                        cross join lateral (select id from member.webhook_endpoint
                                            where id = w.id and disabled_at is null
                                              and (paused_until is null or paused_until <= greatest(:now, now()))
                                              and (select count(*) from (
                                                     select from member.webhook_delivery
                                                     where endpoint_id = w.id and state = 'PENDING'
                                                       and leased_until > now()
                                                     order by leased_until desc limit :perEndpoint) l)
                                                  < case when paused_until is null then :perEndpoint else 1 end
                                            for no key update skip locked) e
                        limit :most""")
                .param("after", after)
                .param("until", until)
                .param("now", Columns.time(now))
                .param("perEndpoint", perEndpoint)
                .param("most", most)
                .query((row, n) -> Columns.uuid(row, "id"))
                .list();
    }

    @Override
    public List<Attempted> record(Collection<Attempted> attempts) {
        var recorded = new ArrayList<Attempted>();
        for (Attempted attempt : attempts) {
            int rows = jdbc.sql("""
                            update member.webhook_delivery
                            set state = ?, attempts = attempts + 1, last_status = ?, last_reason = ?,
                                next_attempt_at = ?, leased_until = '-infinity',
                                ended_at = case when ? = 'PENDING' then null else ?::timestamptz end
                            where id = ? and lease = ? and leased_until > now() and state = 'PENDING'""")
                    .param(attempt.state().name())
                    .param(attempt.status())
                    .param(attempt.reason())
                    .param(Columns.timeOrNull(attempt.nextAttemptAt()))
                    .param(attempt.state().name())
                    .param(Columns.time(attempt.at()))
                    .param(attempt.due().id())
                    .param(attempt.due().lease())
                    .update();
            if (rows == 1) {
                recorded.add(attempt);
            }
        }
        return recorded;
    }

    @Override
    public void release(Collection<Due> due) {
        var rows = Rows.of(due);
        jdbc.sql("""
                        update member.webhook_delivery d set leased_until = '-infinity'
                        from unnest(?::uuid[], ?::bigint[]) as r (id, lease)
                        where d.id = r.id and d.lease = r.lease""").param(rows.uuids(Due::id)).param(rows.longs(Due::lease)).update();
    }

    @Override
    public int giveUp(int most) {
        // Rows that somebody holds at the moment are left for the next bite, and so nobody waits for anybody here.
        List<UUID> disabled =
                jdbc.sql("""
                        select id from member.webhook_endpoint where giving_up and disabled_at is not null
                        order by disabled_at limit 100 for no key update skip locked""").query((row, n) -> Columns.uuid(row, "id")).list();
        if (disabled.isEmpty()) {
            return 0;
        }
        String[] endpoints = Rows.of(disabled).uuids(id -> id);
        int rows = jdbc.sql("""
                        update member.webhook_delivery d
                        set state = 'GIVEN_UP', last_reason = e.disabled_reason, next_attempt_at = null,
                            ended_at = e.disabled_at
                        from member.webhook_endpoint e
                        where e.id = d.endpoint_id and d.id in
                          (select w.id from unnest(?::uuid[]) as one (id)
                           cross join lateral (
                             select id from member.webhook_delivery where endpoint_id = one.id and state = 'PENDING'
                             order by next_attempt_at limit ? for update skip locked) w
                           limit ?)""").param(endpoints).param(most).param(most).update();
        jdbc.sql("""
                        update member.webhook_endpoint e set giving_up = false
                        where id = any(?::uuid[]) and not exists
                          (select 1 from member.webhook_delivery where endpoint_id = e.id and state = 'PENDING')""").param(endpoints).update();
        return rows;
    }

    @Override
    public List<WebhookDelivery> newestOf(UUID endpointId, int most) {
        return jdbc.sql(SHOWN + """
                        where d.endpoint_id = ?
                        order by d.created_at desc, d.id limit ?""")
                .param(endpointId)
                .param(most)
                .query((row, n) -> delivery(row))
                .list();
    }

    @Override
    public List<WebhookDelivery> about(Member.Key member) {
        return jdbc.sql(SHOWN + """
                        where d.mall_id = ? and d.member_id = ?
                        order by d.created_at, d.id""")
                .param(member.mallId().value())
                .param(member.memberId().value())
                .query((row, n) -> delivery(row))
                .list();
    }

    @Override
    public int purge(Instant before, int most) {
        int deliveries = jdbc.sql("""
                        delete from member.webhook_delivery where id in
                          (select id from member.webhook_delivery where ended_at < ? limit ?)""").param(Columns.time(before)).param(most).update();
        jdbc.sql("""
                        delete from member.webhook_endpoint where id in
                          (select e.id from member.webhook_endpoint e
                           where e.deleted_at < ? and not exists
                             (select 1 from member.webhook_delivery where endpoint_id = e.id)
                           limit ?)""").param(Columns.time(before)).param(most).update();
        return deliveries;
    }

    private static WebhookDelivery delivery(ResultSet row) throws SQLException {
        @Nullable Integer lastStatus = row.getObject("last_status", Integer.class);
        String type = row.getString("event_type");
        return new WebhookDelivery(
                Columns.uuid(row, "id"),
                Columns.uuid(row, "endpoint_id"),
                type,
                type.equals(WebhookDelivery.TEST) ? null : new MemberId(Columns.uuid(row, "member_id")),
                WebhookDelivery.State.valueOf(row.getString("shown")),
                row.getInt("attempts"),
                lastStatus,
                row.getString("reason"),
                Columns.instantOrNull(row, "next_attempt_at"));
    }
}
