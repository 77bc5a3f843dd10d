package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import mallstream.member.application.port.in.Found;
import mallstream.member.application.port.in.ReadPoints;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.PointLedger.Booked;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.Member;
import mallstream.member.model.PointAccount;
import mallstream.member.model.PointEntry;
import mallstream.member.model.PointLot;
import mallstream.member.model.Standing;
import org.jspecify.annotations.Nullable;

@UseCase
final class ReadingPoints implements ReadPoints {
    private final Transactions transactions;
    private final Members members;
    private final PointLedger points;
    private final Clock clock;

    ReadingPoints(Transactions transactions, Members members, PointLedger points, Clock clock) {
        this.transactions = transactions;
        this.members = members;
        this.points = points;
        this.clock = clock;
    }

    @Override
    public Found<Points> points(Member.Key member) {
        Instant now = clock.instant();
        return of(member, () -> {
            List<PointLot> lots = points.lotsOf(member);
            return new Points(new PointAccount(lots).balanceAt(now), lots);
        });
    }

    @Override
    public Found<Page> ledger(Member.Key member, @Nullable Long before, int most) {
        if (most < 1 || most > MOST) {
            throw new InvalidValue("size", "must be 1 to " + MOST);
        }
        return of(member, () -> {
            // One more than asked for says whether there is another page.
            List<Booked> found = points.ledgerOf(member, before, most + 1);
            List<Booked> page = found.subList(0, Math.min(most, found.size()));
            return new Page(
                    page.stream().map(ReadingPoints::line).toList(),
                    found.size() > most ? page.getLast().sequence() : null);
        });
    }

    private <T> Found<T> of(Member.Key member, Supplier<T> read) {
        return transactions.inOne(() -> switch (members.standing(member)) {
            case Standing.Active ignored -> new Found.Shown<>(read.get());
            case Standing.Withdrawn withdrawn -> new Found.Gone<>(withdrawn.at());
            case Standing.Unknown ignored -> new Found.Absent<>();
        });
    }

    private static Line line(Booked booked) {
        PointEntry entry = booked.entry();
        return switch (entry) {
            case PointEntry.Grant ignored -> line(booked, Kind.GRANT, null, null);
            case PointEntry.Use use -> line(booked, Kind.USE, use.useId(), null);
            case PointEntry.Expire ignored -> line(booked, Kind.EXPIRE, null, null);
            case PointEntry.Revoke ignored -> line(booked, Kind.REVOKE, null, null);
            case PointEntry.Restore restore -> line(booked, Kind.RESTORE, restore.useId(), restore.restorationId());
        };
    }

    private static Line line(Booked booked, Kind kind, @Nullable UUID useId, @Nullable UUID restorationId) {
        PointEntry entry = booked.entry();
        return new Line(booked.sequence(), kind, entry.lotId(), entry.change(), useId, restorationId, entry.at());
    }
}
