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
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.PointLot;
import mallstream.member.model.SignUpBenefits;
import mallstream.member.model.UuidV7;

/** Gives a new member the sign-up points, once. */
@Reaction(value = "points", startsAt = RETAINED)
final class PointsReaction implements SignUpReaction {
    private final Transactions transactions;
    private final PointLedger ledger;
    private final SignUpBenefits benefits;
    private final Clock clock;
    private final RandomGenerator random;

    PointsReaction(
            Transactions transactions,
            PointLedger ledger,
            SignUpBenefits benefits,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.ledger = ledger;
        this.benefits = benefits;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<Outcome> on(List<MemberSignedUp> signUps) {
        Instant now = clock.instant();
        var wanted = signUps.stream()
                .map(signUp -> PointLot.forSignUp(
                        UuidV7.at(now, random),
                        Granted.keyOf(signUp),
                        benefits.signupPoints(),
                        benefits.signupPointsDays(),
                        now))
                .toList();
        Set<Member.Key> granted = transactions.inOne(() -> ledger.grantOnce(wanted));
        return Granted.outcomes(signUps, granted);
    }
}
