package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.SetCouponPolicy;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.RequestKey;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;

@UseCase
final class SettingCouponPolicies implements SetCouponPolicy {
    private final Transactions transactions;
    private final CouponPolicies policies;
    private final Once once;
    private final Clock clock;
    private final RandomGenerator random;

    SettingCouponPolicies(
            Transactions transactions, CouponPolicies policies, RequestKeys keys, Clock clock, RandomGenerator random) {
        this.transactions = transactions;
        this.policies = policies;
        this.once = new Once(keys, clock);
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Answer<MallCouponPolicy> set(Terms terms, @Nullable RequestKey key) {
        return transactions.inOne(() -> once.create(
                key,
                () -> store(terms),
                version -> Optional.of(version.id()),
                id -> policies.find(id).orElseThrow()));
    }

    private MallCouponPolicy store(Terms terms) {
        // The version first: whoever waited for it sets later than the one it waited for.
        int number = policies.nextVersion(terms.mallId(), terms.code());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant from = terms.activeFrom() == null ? now : terms.activeFrom();
        var version = new MallCouponPolicy(
                UuidV7.at(now, random),
                terms.mallId(),
                new CouponPolicy(terms.code(), number, terms.discount(), terms.minimumOrder(), terms.daysValid()),
                from,
                terms.activeUntil(),
                now);
        policies.add(version);
        return version;
    }
}
