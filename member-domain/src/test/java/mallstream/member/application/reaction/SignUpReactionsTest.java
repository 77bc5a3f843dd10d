package mallstream.member.application.reaction;

import static mallstream.member.ports.Some.BENEFITS;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mallstream.member.application.port.in.EachSignUp;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Outcome.AlreadyDone;
import mallstream.member.application.port.in.Outcome.Done;
import mallstream.member.application.port.in.Outcome.Refused;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Discount;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignUpReactionsTest {
    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final Fakes ports = new Fakes(clock);
    private final SignUpReaction coupon =
            new CouponReaction(ports.transactions(), ports.coupons(), ports.policies(), BENEFITS, clock, RANDOM);
    private final SignUpReaction points =
            new PointsReaction(ports.transactions(), ports.points(), BENEFITS, clock, RANDOM);
    private final SignUpReaction webhook =
            new WebhookReaction(ports.transactions(), ports.members(), ports.deliveries());

    private final MemberSignedUp event = signUp(MALL);
    private final Member.Key member = Granted.keyOf(event);
    private final MemberSignedUp sameMember = signUp(member);
    private final MemberSignedUp other = signUp(OTHER_MALL);

    @Test
    void a_sign_up_gets_the_coupon_of_the_policy() {
        assertThat(coupon.on(List.of(event))).containsExactly(new Done());

        assertThat(ports.transactions().inOne(() -> ports.coupons().of(member)))
                .singleElement()
                .satisfies(issued -> {
                    assertThat(issued.policy()).isEqualTo(BENEFITS.couponPolicy());
                    assertThat(issued.issuedAt()).isEqualTo(clock.instant());
                });
    }

    private MallCouponPolicy set(int version, int percent, Instant from, @Nullable Instant until) {
        var policy = new MallCouponPolicy(
                uuid(),
                MALL,
                new CouponPolicy(CouponPolicy.SIGNUP, version, new Discount.Percent(percent, null), 0, 7),
                from,
                until,
                from);
        ports.run(() -> ports.policies().add(policy));
        return policy;
    }

    private CouponPolicy policyOf(MemberSignedUp signUp) {
        return ports.transactions()
                .inOne(() -> ports.coupons().of(Granted.keyOf(signUp)))
                .getFirst()
                .policy();
    }

    @Test
    void the_policy_of_the_mall_at_the_time_of_the_sign_up_counts_however_late_the_event_comes() {
        MallCouponPolicy then = set(2, 20, event.signedUpAt(), null);
        set(3, 30, event.signedUpAt().plusMillis(1), null);
        clock.pass(Duration.ofHours(1));

        coupon.on(List.of(event, other));

        assertThat(policyOf(event)).isEqualTo(then.policy());
        assertThat(policyOf(other)).as("another mall").isEqualTo(BENEFITS.couponPolicy());
    }

    @Test
    void a_policy_that_begins_later_or_has_ended_leaves_the_settings_in_force() {
        set(2, 20, event.signedUpAt().minusSeconds(9), event.signedUpAt());
        set(3, 30, event.signedUpAt().plusMillis(1), null);

        coupon.on(List.of(event));

        assertThat(policyOf(event)).isEqualTo(BENEFITS.couponPolicy());
    }

    @Test
    void another_version_of_the_policy_gives_no_second_coupon_and_leaves_the_first_as_it_was() {
        coupon.on(List.of(event));
        set(2, 20, event.signedUpAt(), null);

        assertThat(coupon.on(List.of(sameMember))).containsExactly(new AlreadyDone());
        assertThat(policyOf(event)).isEqualTo(BENEFITS.couponPolicy());
    }

    @Test
    void events_of_somebody_who_has_left_do_nothing() {
        Member stored = member(MALL);
        var late = signUp(keyOf(stored));
        ports.run(() -> {
            ports.members().add(stored);
            ports.members().withdraw(keyOf(stored), clock.instant());
            ports.endpoints().add(endpoint(MALL));
        });

        assertThat(coupon.on(List.of(late, event))).containsExactly(new AlreadyDone(), new Done());
        assertThat(points.on(List.of(late, event))).containsExactly(new AlreadyDone(), new Done());
        assertThat(webhook.on(List.of(late, event))).containsExactly(new AlreadyDone(), new Done());
        assertThat(ports.transactions().inOne(() -> ports.deliveries().about(keyOf(stored))))
                .isEmpty();
        assertThat(ports.transactions().inOne(() -> ports.points().lotsOf(keyOf(stored))))
                .isEmpty();
        assertThat(ports.transactions().inOne(() -> ports.coupons().of(keyOf(stored))))
                .isEmpty();
    }

    @Test
    void a_second_delivery_issues_no_second_coupon() {
        coupon.on(List.of(event));

        assertThat(coupon.on(List.of(sameMember, other))).containsExactly(new AlreadyDone(), new Done());
        assertThat(ports.transactions().inOne(() -> ports.coupons().of(member))).hasSize(1);
    }

    @Test
    void a_member_that_stands_twice_in_a_batch_gets_one_coupon() {
        assertThat(coupon.on(List.of(event, other, sameMember, event)))
                .containsExactly(new Done(), new Done(), new AlreadyDone(), new AlreadyDone());
        assertThat(ports.transactions().inOne(() -> ports.coupons().of(member))).hasSize(1);
    }

    @Test
    void a_sign_up_gets_points_for_a_year() {
        assertThat(points.on(List.of(event))).containsExactly(new Done());

        assertThat(ports.transactions().inOne(() -> ports.points().lotsOf(member)))
                .singleElement()
                .satisfies(lot -> {
                    assertThat(lot.granted()).isEqualTo(5000);
                    assertThat(lot.rest()).isEqualTo(5000);
                    assertThat(lot.source()).isEqualTo("SIGNUP");
                    assertThat(lot.expiresAt()).isEqualTo("2027-01-02T15:00:00Z");
                });
    }

    @Test
    void points_are_granted_once_per_member_however_often_the_event_comes() {
        assertThat(points.on(List.of(event, sameMember))).containsExactly(new Done(), new AlreadyDone());
        assertThat(points.on(List.of(sameMember, other))).containsExactly(new AlreadyDone(), new Done());
        assertThat(ports.transactions().inOne(() -> ports.points().lotsOf(member)))
                .hasSize(1);
    }

    @Test
    void a_webhook_delivery_is_added_once_and_nothing_is_sent() {
        ports.run(() -> ports.endpoints().add(endpoint(MALL)));

        assertThat(webhook.on(List.of(event, sameMember, other))).containsExactly(new Done(), new Done(), new Done());
        assertThat(webhook.on(List.of(event))).containsExactly(new Done());
        assertThat(ports.transactions().inOne(() -> ports.deliveries().about(member)))
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.attempts()).isZero());
    }

    @Test
    void a_reaction_to_each_sign_up_answers_in_order() {
        EachSignUp each = signUp -> signUp.equals(event) ? new Done() : new Refused("not-this-one");

        List<Outcome> outcomes = each.on(List.of(event, other));

        assertThat(outcomes).containsExactly(new Done(), new Refused("not-this-one"));
    }
}
