package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.SignUpMember;
import mallstream.member.application.port.in.SignUpMember.Result.LoginIdTaken;
import mallstream.member.application.port.in.SignUpMember.Result.SignedUp;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.RequestKey;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;

@UseCase
final class SigningUp implements SignUpMember {
    private final Transactions transactions;
    private final Members members;
    private final Outbox outbox;
    private final Once once;
    private final Clock clock;
    private final RandomGenerator random;

    SigningUp(
            Transactions transactions,
            Members members,
            Outbox outbox,
            RequestKeys keys,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.members = members;
        this.outbox = outbox;
        this.once = new Once(keys, clock);
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Answer<Result> signUp(SignUp signUp, @Nullable RequestKey key) {
        return transactions.inOne(
                () -> once.create(key, () -> store(signUp), SigningUp::created, id -> new SignedUp(new MemberId(id))));
    }

    private Result store(SignUp signUp) {
        // Microseconds are what the database keeps: the event and the row say the same time.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var member = new Member(
                new MemberId(UuidV7.at(now, random)),
                signUp.mallId(),
                signUp.loginId(),
                signUp.name(),
                signUp.email(),
                signUp.phone(),
                now);
        if (!members.add(member)) {
            return new LoginIdTaken();
        }
        outbox.append(new MemberSignedUp(UuidV7.at(now, random), member.mallId(), member.id(), now));
        return new SignedUp(member.id());
    }

    private static Optional<UUID> created(Result result) {
        return switch (result) {
            case SignedUp signedUp -> Optional.of(signedUp.memberId().value());
            case LoginIdTaken ignored -> Optional.empty();
        };
    }
}
