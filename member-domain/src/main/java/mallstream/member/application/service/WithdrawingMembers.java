package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.in.WithdrawMember;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Member;
import mallstream.member.model.PointAccount;
import mallstream.member.model.Standing;

@UseCase
final class WithdrawingMembers implements WithdrawMember {
    private final Transactions transactions;
    private final Members members;
    private final Coupons coupons;
    private final PointLedger points;
    private final Clock clock;

    WithdrawingMembers(Transactions transactions, Members members, Coupons coupons, PointLedger points, Clock clock) {
        this.transactions = transactions;
        this.members = members;
        this.coupons = coupons;
        this.points = points;
        this.clock = clock;
    }

    @Override
    public Result withdraw(Member.Key member) {
        return transactions.inOne(() -> {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            // First, since it waits for whoever grants or uses: what they did is seen and ended below.
            if (!members.withdraw(member, now)) {
                return members.standing(member) instanceof Standing.Withdrawn
                        ? Result.ALREADY_WITHDRAWN
                        : Result.NO_SUCH_MEMBER;
            }
            coupons.end(member, now);
            points.book(new PointAccount(points.lockLotsOf(member)).revoke(now));
            return Result.WITHDRAWN;
        });
    }
}
