package mallstream.member.application.reaction;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static mallstream.member.application.port.in.Reaction.StartsAt.RETAINED;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Coupon;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.SignUpBenefits;
import mallstream.member.model.UuidV7;

/** Gives a new member the sign-up coupon of its mall, once. */
@Reaction(value = "coupon", startsAt = RETAINED)
final class CouponReaction implements SignUpReaction {
    private final Transactions transactions;
    private final Coupons coupons;
    private final CouponPolicies policies;
    private final CouponPolicy settings;
    private final Clock clock;
    private final RandomGenerator random;

    CouponReaction(
            Transactions transactions,
            Coupons coupons,
            CouponPolicies policies,
            SignUpBenefits benefits,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.coupons = coupons;
        this.policies = policies;
        this.settings = benefits.couponPolicy();
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<Outcome> on(List<MemberSignedUp> signUps) {
        Instant now = clock.instant();
        Set<Member.Key> issued = transactions.inOne(() -> coupons.issueOnce(wanted(signUps, now)));
        return Granted.outcomes(signUps, issued);
    }

    private List<Coupon.Issued> wanted(List<MemberSignedUp> signUps, Instant now) {
        Set<MallId> malls = signUps.stream().map(MemberSignedUp::mallId).collect(toSet());
        Map<MallId, List<MallCouponPolicy>> versions =
                policies.versions(malls, CouponPolicy.SIGNUP).stream().collect(groupingBy(MallCouponPolicy::mallId));
        return signUps.stream()
                .map(signUp -> policyOf(signUp, versions.getOrDefault(signUp.mallId(), List.of()))
                        .issue(UuidV7.at(now, random), Granted.keyOf(signUp), now))
                .toList();
    }

    /** The terms at the time of the sign-up: what a mall sets while events wait is for those who sign up later. */
    private CouponPolicy policyOf(MemberSignedUp signUp, List<MallCouponPolicy> versions) {
        return MallCouponPolicy.inForce(versions, signUp.signedUpAt())
                .map(MallCouponPolicy::policy)
                .orElse(settings);
    }
}
