package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mallstream.member.application.port.in.ExpirePoints;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.PointAccount;
import mallstream.member.model.PointLot;

@UseCase
final class ExpiringPoints implements ExpirePoints {
    /** Lots of one transaction: small enough that somebody who restores points of one waits some milliseconds only. */
    private static final int MOST = 500;

    private final Transactions transactions;
    private final PointLedger points;
    private final Clock clock;

    ExpiringPoints(Transactions transactions, PointLedger points, Clock clock) {
        this.transactions = transactions;
        this.points = points;
        this.clock = clock;
    }

    @Override
    public int expire() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return transactions.inOne(() -> {
            List<PointLot> lots = points.lockExpired(now, MOST);
            points.book(new PointAccount(lots).expire(now));
            return lots.size();
        });
    }
}
