package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.POLICY;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import mallstream.member.application.port.out.NoticeCampaigns.Claim;
import mallstream.member.application.port.out.NoticeCampaigns.Sent;
import mallstream.member.application.port.out.NoticeCampaigns.State;
import mallstream.member.model.Member;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeRequested;
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

    @RepeatedTest(5)
    void the_same_notice_requests_in_opposite_orders_never_fail_and_nobody_is_claimed_twice() {
        NoticeCampaign campaign = campaign(MALL);
        database.run(() -> database.campaigns().add(campaign));

        opposite(owners(1000), some -> {
            var requests = some.stream()
                    .map(owner -> new NoticeRequested(campaign.id(), MALL, owner.memberId()))
                    .toList();
            var rows = some.stream().map(owner -> uuid()).toList();
            var claims =
                    database.transactions().inOne(() -> database.campaigns().beginSending(requests, rows, NOW));
            var mine = claims.stream()
                    .filter(Claim.Mine.class::isInstance)
                    .map(Claim.Mine.class::cast)
                    .toList();
            var sent = mine.stream()
                    .map(one -> new Sent(one.rowId(), State.ACCEPTED, "call"))
                    .toList();
            database.run(() -> database.campaigns().record(sent, NOW));
            return mine.size();
        });
        assertThat(database.jdbc()
                        .sql("select count(*) from member.notice_recipient where state = 'ACCEPTED'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1000);
    }

    /** Four at once, two in each order; together they get each owner once. */
    private static void opposite(List<Member.Key> owners, Function<List<Member.Key>, Integer> batch) {
        var tasks = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 2; i++) {
            tasks.add(() -> batch.apply(owners));
            tasks.add(() -> batch.apply(owners.reversed()));
        }

        assertThat(Together.run(tasks).stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(owners.size());
    }
}
