package mallstream.member.adapter.out.persistence;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.POLICY;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import mallstream.member.application.port.out.NoticeCalls.Call;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.PointLot;
import mallstream.member.ports.Database;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class BatchIT {
    private final Database database = Database.emptied();

    private static List<Member.Key> owners(int count) {
        return Stream.generate(() -> key(MALL)).limit(count).toList();
    }

    @Test
    void five_hundred_rows_are_one_statement_and_a_grant_holds_its_members_in_another() {
        var counting = new CountingDataSource(database.dataSource());
        JdbcClient jdbc = JdbcClient.create(counting);
        List<Member.Key> owners = owners(500);
        database.run(() -> database.endpoints().add(endpoint(MALL)));

        assertThat(new JdbcCoupons(jdbc)
                        .issueOnce(owners.stream()
                                .map(owner -> POLICY.issue(uuid(), owner, NOW))
                                .toList()))
                .hasSize(500);
        assertThat(counting.executions()).isEqualTo(2);

        assertThat(new JdbcPointLedger(jdbc)
                        .grantOnce(owners.stream()
                                .map(owner -> PointLot.forSignUp(uuid(), owner, 5000, 365, NOW))
                                .toList()))
                .hasSize(500);
        assertThat(counting.executions()).isEqualTo(4);

        var cipher = new SecretCipher(new SecretSettings(Base64.getEncoder().encodeToString(new byte[32])), RANDOM);
        assertThat(new JdbcWebhookDeliveries(jdbc, cipher)
                        .add(owners.stream().map(owner -> signUp(owner)).toList()))
                .isEqualTo(500);
        assertThat(counting.executions()).isEqualTo(5);
    }

    @RepeatedTest(5)
    void batches_with_the_same_owners_in_opposite_orders_wait_for_each_other_and_never_fail() {
        database.run(() -> database.endpoints().add(endpoint(MALL)));
        List<Member.Key> owners = owners(2000);

        opposite(owners, some -> {
            var coupons =
                    some.stream().map(owner -> POLICY.issue(uuid(), owner, NOW)).toList();
            return database.transactions()
                    .inOne(() -> database.coupons().issueOnce(coupons).size());
        });
        opposite(owners, some -> {
            var lots = some.stream()
                    .map(owner -> PointLot.forSignUp(uuid(), owner, 5000, 365, NOW))
                    .toList();
            return database.transactions()
                    .inOne(() -> database.points().grantOnce(lots).size());
        });
        opposite(owners, some -> {
            var signUps = some.stream().map(owner -> signUp(owner)).toList();
            return database.transactions().inOne(() -> database.deliveries().add(signUps));
        });
    }

    @Test
    void a_thousand_notices_are_begun_and_ended_in_one_statement_each_beside_their_call() {
        NoticeCampaign campaign = prepared(1000);
        var counting = new CountingDataSource(database.dataSource());
        var calls = new JdbcNoticeCalls(JdbcClient.create(counting));
        List<MemberId> members = members(campaign);
        var call = new Call(uuid(), campaign.id(), campaign.channel(), NOW, Duration.ofMinutes(1));

        assertThat(calls.begin(call, members)).hasSize(1000);
        assertThat(counting.executions())
                .as("how rows are to be found; rows, call and counters")
                .isEqualTo(2);

        var accepted = members.stream()
                .map(member -> new Ended(member, NoticeRecipient.State.ACCEPTED, "request-1", false))
                .toList();
        assertThat(calls.end(call.id(), accepted, NOW, Duration.ZERO)).isTrue();
        assertThat(counting.executions())
                .as("the call; how rows are to be found; rows and counters")
                .isEqualTo(5);
    }

    @Test
    void a_page_and_a_call_read_rows_of_their_own_while_the_table_has_no_statistics() {
        NoticeCampaign campaign = prepared(1);
        database.jdbc().sql("""
                        insert into member.notice_recipient (id, campaign_id, member_id, mall_id, state)
                        select member.uuid_v7(), ?, member.uuid_v7(), 'mall-1', 'READY'
                        from generate_series(1, 50000) order by 3""").param(campaign.id().value()).update();
        List<MemberId> members = members(campaign).subList(0, 1000);
        var call = new Call(uuid(), campaign.id(), campaign.channel(), NOW, Duration.ofMinutes(1));

        assertThat(rowsReadBy(() -> {
                    var step = database.campaigns().lease(Duration.ofMinutes(1)).orElseThrow();
                    assertThat(database.campaigns().ready(step, 1000).members()).hasSize(1000);
                }))
                .as("a page")
                .isLessThan(5000);
        int version = database.jdbc()
                .sql("select current_setting('server_version_num')::int")
                .query(Integer.class)
                .single();
        assumeThat(version)
                .as("of PostgreSQL: production has 18; before 17 an array in an index condition had another price")
                .isGreaterThanOrEqualTo(170_000);
        assertThat(rowsReadBy(() -> database.calls().begin(call, members)))
                .as("a claim")
                .isLessThan(5000);
        assertThat(rowsReadBy(() -> database.calls()
                        .end(call.id(), members.stream().map(Ended::notSent).toList(), NOW, Duration.ZERO)))
                .as("results of a call")
                .isLessThan(5000);
    }

    /** All ten thousand were looked at in each poll, because something waited for one that was paused. */
    @Test
    void a_poll_reads_nothing_of_endpoints_that_nothing_waits_for() {
        endpointsOf(10_000);
        database.jdbc()
                .sql(
                        "update member.webhook_endpoint set paused_until = now() + interval '1 h' where mall_id = 'mall-17'")
                .update();
        deliveriesTo("mall-17", 100);

        assertThat(rowsReadBy(() -> assertThat(leased(50)).isEmpty())).isLessThan(20);
        deliveriesTo("mall-18", 1);
        assertThat(rowsReadBy(() -> assertThat(leased(50)).hasSize(1))).isLessThan(50);
    }

    @Test
    void a_poll_reads_no_more_endpoints_than_it_takes_however_many_have_something_due() {
        endpointsOf(3000);
        deliveriesTo("%", 1);

        for (int round = 0; round < 3; round++) {
            assertThat(rowsReadBy(() -> assertThat(leased(50)).hasSize(50))).isLessThan(1000);
        }
    }

    @Test
    void endpoints_take_turns() {
        endpointsOf(7);
        deliveriesTo("%", 5);

        var got = Stream.generate(() -> leased(1).getFirst().endpoint().id()).limit(14);
        assertThat(got.collect(groupingBy(id -> id, counting())).values()).containsExactly(2L, 2L, 2L, 2L, 2L, 2L, 2L);
    }

    private void endpointsOf(int malls) {
        database.jdbc().sql("""
                        insert into member.webhook_endpoint (id, mall_id, url, secret, registered_at)
                        select member.uuid_v7(), 'mall-' || n, 'https://hooks.example/', ''::bytea, now()
                        from generate_series(1, ?) n""").param(malls).update();
    }

    private void deliveriesTo(String malls, int each) {
        database.jdbc().sql("""
                        insert into member.webhook_delivery
                          (id, endpoint_id, mall_id, member_id, event_type, body, next_attempt_at)
                        select member.uuid_v7(), id, mall_id, member.uuid_v7(), 'member.signed-up', '{}', now()
                        from member.webhook_endpoint, generate_series(1, ?) where mall_id like ?""").param(each).param(malls).update();
    }

    private List<WebhookDeliveries.Due> leased(int most) {
        return database.transactions().inOne(() -> database.deliveries().lease(NOW, 5, most, Duration.ofMinutes(1)));
    }

    @Test
    void counting_open_calls_reads_no_others() {
        database.jdbc().sql("""
                        insert into member.notice_call
                          (call_id, campaign_id, channel, members, begun_at, lease, leased_until, ended_at)
                        select member.uuid_v7(), member.uuid_v7(), 'ALIMTALK', '{}', now(), 1, now(),
                               case when n > 3 then now() end
                        from generate_series(1, 50000) n""").update();

        assertThat(rowsReadBy(
                        () -> assertThat(database.calls().backlog(NOW).lost()).isEqualTo(3)))
                .isLessThan(10);
    }

    private long rowsReadBy(Runnable work) {
        return database.transactions().inOne(() -> {
            // As each connection of the platform has it.
            database.jdbc().sql("set local enable_seqscan = off").update();
            long before = rowsRead();
            work.run();
            return rowsRead() - before;
        });
    }

    private long rowsRead() {
        return database.jdbc().sql("""
                        select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables
                        where schemaname = 'member'
                          and relname in ('notice_recipient', 'notice_call', 'webhook_endpoint', 'webhook_delivery')""").query(Long.class).single();
    }

    @RepeatedTest(5)
    void the_same_notice_requests_in_opposite_orders_never_fail_and_nobody_is_claimed_twice() {
        NoticeCampaign campaign = prepared(1000);

        opposite(members(campaign), some -> {
            var call = new Call(uuid(), campaign.id(), campaign.channel(), NOW, Duration.ofMinutes(1));
            var claimed = database.transactions().inOne(() -> database.calls().begin(call, some));
            var ended = claimed.stream()
                    .map(one -> new Ended(one.memberId(), NoticeRecipient.State.ACCEPTED, "request-1", false))
                    .toList();
            database.run(() -> database.calls().end(call.id(), ended, NOW, Duration.ZERO));
            return claimed.size();
        });
        assertThat(database.jdbc()
                        .sql("select count(*) from member.notice_recipient where state = 'ACCEPTED'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1000);
    }

    /** By the index rows come in the order of the key, by a bitmap as they lie in the table: here the last one first. */
    @Test
    void a_claim_that_waits_for_the_last_row_has_locked_the_first() {
        NoticeCampaign campaign = prepared(1000);
        List<MemberId> members = members(campaign);
        database.jdbc().sql("""
                        with taken as (delete from member.notice_recipient returning *)
                        insert into member.notice_recipient select * from taken order by member_id desc""").update();
        var call = new Call(uuid(), campaign.id(), campaign.channel(), NOW, Duration.ofMinutes(1));
        var last = new CountDownLatch(1);

        List<Integer> found = Together.run(List.<Callable<Integer>>of(
                () -> {
                    last.await();
                    return database.transactions().inOne(() -> {
                        // As each connection of the platform has it; with the other off too, the planner takes a
                        // bitmap.
                        database.jdbc().sql("set local enable_seqscan = off").update();
                        database.jdbc().sql("set local enable_indexscan = off").update();
                        return database.calls().begin(call, members).size();
                    });
                },
                () -> database.transactions().inOne(() -> {
                    assertThat(locked(members.getLast())).isEqualTo(1);
                    last.countDown();
                    await().until(
                                    () -> database.jdbc()
                                            .sql("select count(*) from pg_locks where not granted")
                                            .query(Integer.class)
                                            .single(),
                                    waiting -> waiting > 0);
                    return locked(members.getFirst());
                })));

        assertThat(found).containsExactly(1000, 0);
    }

    private int locked(MemberId member) {
        return database.jdbc()
                .sql("select 1 from member.notice_recipient where member_id = ? for no key update skip locked")
                .param(member.value())
                .query(Integer.class)
                .list()
                .size();
    }

    private NoticeCampaign prepared(int members) {
        NoticeCampaign campaign = campaign(MALL);
        database.run(() -> {
            database.campaigns().add(campaign);
            for (int i = 0; i < members; i++) {
                database.members().add(member(MALL));
            }
        });
        database.run(() -> database.campaigns()
                .prepare(database.campaigns().lease(Duration.ofMinutes(1)).orElseThrow(), members + 1));
        return campaign;
    }

    private List<MemberId> members(NoticeCampaign campaign) {
        return database
                .transactions()
                .inOne(() -> database.campaigns().recipients(campaign.id(), null, 10_000))
                .stream()
                .map(NoticeRecipient::memberId)
                .toList();
    }

    /** Four at once, two in each order; together they get each owner once. */
    private static <T> void opposite(List<T> owners, Function<List<T>, Integer> batch) {
        var tasks = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 2; i++) {
            tasks.add(() -> batch.apply(owners));
            tasks.add(() -> batch.apply(owners.reversed()));
        }

        assertThat(Together.run(tasks).stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(owners.size());
    }
}
