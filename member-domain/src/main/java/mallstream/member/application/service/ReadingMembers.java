package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import mallstream.member.application.port.in.Found;
import mallstream.member.application.port.in.ReadMember;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.model.Coupon;
import mallstream.member.model.Member;
import mallstream.member.model.PointAccount;
import mallstream.member.model.PointLot;
import mallstream.member.model.Standing;

@UseCase
final class ReadingMembers implements ReadMember {
    private final Transactions transactions;
    private final Members members;
    private final Coupons coupons;
    private final PointLedger points;
    private final WebhookDeliveries deliveries;
    private final Clock clock;

    ReadingMembers(
            Transactions transactions,
            Members members,
            Coupons coupons,
            PointLedger points,
            WebhookDeliveries deliveries,
            Clock clock) {
        this.transactions = transactions;
        this.members = members;
        this.coupons = coupons;
        this.points = points;
        this.deliveries = deliveries;
        this.clock = clock;
    }

    @Override
    public Found<View> read(Member.Key key) {
        Instant now = clock.instant();
        return transactions.inOne(() -> switch (members.standing(key)) {
            case Standing.Active active -> new Found.Shown<>(view(key, active.member(), now));
            case Standing.Withdrawn withdrawn -> new Found.Gone<>(withdrawn.at());
            case Standing.Unknown ignored -> new Found.Absent<>();
        });
    }

    private View view(Member.Key key, Member member, Instant now) {
        List<PointLot> lots = points.lotsOf(key);
        List<Coupon> held =
                coupons.of(key).stream().map(coupon -> coupon.at(now)).toList();
        return new View(member, held, lots, new PointAccount(lots).balanceAt(now), deliveries.about(key));
    }
}
