package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.POLICY;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import mallstream.member.model.Coupon;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Discount;
import mallstream.member.model.Member;
import org.junit.jupiter.api.Test;

abstract class CouponsContract extends Contract {
    private static final CouponPolicy OTHER_POLICY =
            new CouponPolicy("birthday", 3, new Discount.Percent(20, 5000L), 10_000, 7);

    CouponsContract(Ports ports) {
        super(ports);
    }

    private Set<Member.Key> issue(Coupon.Issued... coupons) {
        return inOne(() -> ports.coupons().issueOnce(List.of(coupons)));
    }

    private List<Coupon.Issued> of(Member.Key owner) {
        return inOne(() -> ports.coupons().of(owner));
    }

    private static Coupon.Issued coupon(CouponPolicy policy, Member.Key owner) {
        return policy.issue(uuid(), owner, NOW);
    }

    @Test
    void what_was_issued_is_found_as_it_was() {
        Coupon.Issued coupon = coupon(OTHER_POLICY, key(MALL));

        assertThat(issue(coupon)).containsExactly(coupon.owner());
        assertThat(of(coupon.owner())).containsExactly(coupon);
        assertThat(of(key(MALL))).isEmpty();
    }

    @Test
    void an_amount_is_kept_as_one() {
        Coupon.Issued coupon = coupon(new CouponPolicy("signup", 2, new Discount.Amount(3000), 1, 7), key(MALL));
        issue(coupon);

        assertThat(of(coupon.owner())).containsExactly(coupon);
    }

    @Test
    void who_has_withdrawn_gets_none() {
        Member member = member(MALL);
        Coupon.Issued newcomer = coupon(POLICY, key(MALL));
        inOne(() -> ports.members().add(member));
        inOne(() -> ports.members().withdraw(keyOf(member), NOW));

        assertThat(issue(coupon(POLICY, keyOf(member)), newcomer)).containsExactly(newcomer.owner());
        assertThat(of(keyOf(member))).isEmpty();
    }

    @Test
    void all_coupons_of_a_member_can_be_ended_and_expired_ones_stay_as_they_were() {
        Member.Key owner = key(MALL);
        Coupon.Issued expired = coupon(OTHER_POLICY, owner);
        Coupon.Issued open = coupon(POLICY, owner);
        Coupon.Issued elsewhere = coupon(POLICY, new Member.Key(OTHER_MALL, owner.memberId()));
        issue(expired);
        issue(open, elsewhere);
        var end = NOW.plus(Duration.ofDays(8));

        ports.run(() -> ports.coupons().end(owner, end));

        assertThat(of(owner))
                .containsExactlyInAnyOrder(expired, new Coupon.Issued(open.id(), owner, POLICY, open.issuedAt(), end));
        assertThat(of(elsewhere.owner())).containsExactly(elsewhere);
    }

    @Test
    void a_second_coupon_of_a_policy_is_not_issued_and_the_first_stays_as_it_was() {
        Coupon.Issued first = coupon(POLICY, key(MALL));
        issue(first);
        Coupon.Issued newcomer = coupon(POLICY, key(MALL));

        assertThat(issue(coupon(POLICY, first.owner()), newcomer)).containsExactly(newcomer.owner());
        assertThat(of(first.owner())).containsExactly(first);
    }

    @Test
    void an_owner_who_stands_twice_in_a_batch_gets_one() {
        Member.Key owner = key(MALL);

        assertThat(issue(coupon(POLICY, owner), coupon(POLICY, owner))).containsExactly(owner);
        assertThat(of(owner)).hasSize(1);
    }

    @Test
    void the_same_member_id_in_another_mall_is_another_owner() {
        Member.Key owner = key(MALL);
        var elsewhere = new Member.Key(OTHER_MALL, owner.memberId());

        assertThat(issue(coupon(POLICY, owner), coupon(POLICY, elsewhere))).containsExactlyInAnyOrder(owner, elsewhere);
    }

    @Test
    void coupons_of_several_policies_come_oldest_first() {
        Member.Key owner = key(MALL);
        Coupon.Issued later = OTHER_POLICY.issue(uuid(), owner, NOW.plus(Duration.ofDays(1)));
        Coupon.Issued earlier = coupon(POLICY, owner);
        issue(later);
        issue(earlier);

        assertThat(of(owner)).containsExactly(earlier, later);
    }

    @Test
    void an_empty_batch_issues_nothing() {
        assertThat(issue()).isEmpty();
    }
}
