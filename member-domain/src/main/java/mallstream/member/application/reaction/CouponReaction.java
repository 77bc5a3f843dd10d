package mallstream.member.application.reaction;

import static mallstream.member.application.port.in.Reaction.StartsAt.RETAINED;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.in.SignUpReaction;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.SignUpBenefits;
import mallstream.member.model.UuidV7;

/** Gives a new member the sign-up coupon, once. */
@Reaction(value = "coupon", startsAt = RETAINED)
final class CouponReaction implements SignUpReaction {
    private final Transactions transactions;
    private final Coupons coupons;
    private final CouponPolicy policy;
    private final Clock clock;
    private final RandomGenerator random;

    CouponReaction(
            Transactions transactions, Coupons coupons, SignUpBenefits benefits, Clock clock, RandomGenerator random) {
        this.transactions = transactions;
        this.coupons = coupons;
        this.policy = benefits.couponPolicy();
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<Outcome> on(List<MemberSignedUp> signUps) {
        Instant now = clock.instant();
        var wanted = signUps.stream()
                .map(signUp -> policy.issue(UuidV7.at(now, random), Granted.keyOf(signUp), now))
                .toList();
        Set<Member.Key> issued = transactions.inOne(() -> coupons.issueOnce(wanted));
        return Granted.outcomes(signUps, issued);
    }
}
