package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import mallstream.member.application.port.out.PointLedger.Booked;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Discount;
import mallstream.member.model.Member;
import mallstream.member.model.PointEntry;
import mallstream.member.model.PointLot;
import mallstream.member.ports.Database;
import org.junit.jupiter.api.Test;

/** The statements of the jar before policies and withdrawals, which may still run beside this one. */
class PreviousJarIT {
    private final Database database = Database.emptied();
    private final Member.Key owner = key(MALL);

    @Test
    void a_coupon_that_it_issues_is_one_of_the_settings() {
        database.jdbc()
                .sql("""
                        insert into member.coupon
                          (id, mall_id, member_id, policy, policy_version, percent, days_valid, issued_at, expires_at)
                        values (?, ?, ?, 'signup', 1, 10, 30, ?, ?)""")
                .param(uuid())
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .param(Columns.time(NOW))
                .param(Columns.time(NOW.plus(Duration.ofDays(30))))
                .update();

        assertThat(database.transactions().inOne(() -> database.coupons().of(owner)))
                .singleElement()
                .satisfies(coupon -> assertThat(coupon.policy())
                        .isEqualTo(new CouponPolicy("signup", 1, new Discount.Percent(10, null), 0, 30)));
    }

    @Test
    void it_can_read_a_coupon_of_an_amount() {
        var policy = new CouponPolicy("signup", 2, new Discount.Amount(3000), 0, 30);
        database.run(() -> database.coupons().issueOnce(List.of(policy.issue(uuid(), owner, NOW))));

        assertThat(database.jdbc()
                        .sql("select percent from member.coupon")
                        .query(Integer.class)
                        .single())
                .as("it refuses what is not 1 to 100")
                .isEqualTo(100);
    }

    @Test
    void points_that_it_grants_can_be_used() {
        var lot = PointLot.forSignUp(uuid(), owner, 5000, 365, NOW);
        database.jdbc()
                .sql("""
                        insert into member.point_lot
                          (id, mall_id, member_id, source, granted, rest, granted_at, expires_at)
                        values (?, ?, ?, 'SIGNUP', 5000, 5000, ?, ?)""")
                .param(lot.id())
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .param(Columns.time(lot.grantedAt()))
                .param(Columns.time(lot.expiresAt()))
                .update();
        database.jdbc()
                .sql("insert into member.point_entry (lot_id, kind, amount, booked_at) values (?, 'GRANT', 5000, ?)")
                .param(lot.id())
                .param(Columns.time(NOW))
                .update();
        var use = new PointEntry.Use(lot.id(), uuid(), 4000, NOW);
        database.run(() -> database.points().book(List.of(use)));

        assertThat(database.transactions().inOne(() -> database.points().lotsOf(owner)))
                .containsExactly(lot.withRest(1000));
        assertThat(database.transactions().inOne(() -> database.points().ledgerOf(owner, null, 9)))
                .extracting(Booked::entry)
                .containsExactly(use, new PointEntry.Grant(lot.id(), 5000, NOW));
    }
}
