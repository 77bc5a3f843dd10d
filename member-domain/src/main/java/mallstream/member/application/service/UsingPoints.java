package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.in.UsePoints;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.Member;
import mallstream.member.model.PointAccount;
import mallstream.member.model.PointEntry;
import mallstream.member.model.RequestKey;
import mallstream.member.model.Standing;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;

/** Locks in one order everywhere, so that nobody waits in a ring: the idempotency key, the member, its lots. */
@UseCase
final class UsingPoints implements UsePoints {
    private final Transactions transactions;
    private final Members members;
    private final PointLedger points;
    private final Once once;
    private final Clock clock;
    private final RandomGenerator random;

    UsingPoints(
            Transactions transactions,
            Members members,
            PointLedger points,
            RequestKeys keys,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.members = members;
        this.points = points;
        this.once = new Once(keys, clock);
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Answer<Result> use(Member.Key member, long amount, @Nullable RequestKey key) {
        check(amount);
        return change(member, key, () -> {
            var account = new PointAccount(points.lockLotsOf(member));
            // After the lock: whoever waited over the end of a day must not use what expired meanwhile.
            Instant now = now();
            UUID useId = UuidV7.at(now, random);
            return switch (account.use(useId, amount, now)) {
                case PointAccount.UseResult.NotEnough not -> new Result.NotEnough(not.balance());
                case PointAccount.UseResult.Booked booked -> book(useId, booked.entries());
            };
        });
    }

    @Override
    public Answer<Result> restore(Member.Key member, UUID useId, long amount, @Nullable RequestKey key) {
        check(amount);
        return change(member, key, () -> {
            points.lockLotsOf(member);
            List<PointEntry> used = points.entriesOfUse(member, useId);
            if (used.isEmpty()) {
                return new Result.NoSuchUse();
            }
            Instant now = now();
            UUID restorationId = UuidV7.at(now, random);
            return switch (PointAccount.restore(useId, used, restorationId, amount, now)) {
                case PointAccount.RestoreResult.MoreThanUsed more -> new Result.MoreThanUsed(more.left());
                case PointAccount.RestoreResult.Booked booked -> book(restorationId, booked.entries());
            };
        });
    }

    private Answer<Result> change(Member.Key member, @Nullable RequestKey key, Supplier<Result> work) {
        return transactions.inOne(() -> once.create(
                key,
                () -> switch (members.hold(member)) {
                    case Standing.Active ignored -> work.get();
                    case Standing.Withdrawn ignored -> new Result.Withdrawn();
                    case Standing.Unknown ignored -> new Result.NoSuchMember();
                },
                result -> result instanceof Result.Booked booked ? Optional.of(booked.id()) : Optional.empty(),
                Result.Booked::new));
    }

    private Result book(UUID id, List<PointEntry> entries) {
        points.book(entries);
        return new Result.Booked(id);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static void check(long amount) {
        if (amount < 1 || amount > MOST) {
            throw new InvalidValue("points", "must be 1 to " + MOST);
        }
    }
}
