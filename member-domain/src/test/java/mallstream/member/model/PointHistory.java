package mallstream.member.model;

import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import mallstream.member.ports.HandClock;
import org.jspecify.annotations.Nullable;

/**
 * Random histories of one member's points, tried against a model that keeps each single point as a coin: it knows no
 * rests, no sums and no ledger, so that both can't be wrong in the same way.
 */
public final class PointHistory {
    private final Random random;
    private final HandClock clock;
    private final Member.Key owner;
    private final Account account;
    private final List<Coin> coins = new ArrayList<>();
    private final List<UUID> uses = new ArrayList<>();
    private int grants;

    /** One history; the seed decides all of it. */
    public PointHistory(long seed, HandClock clock, Member.Key owner, Account account) {
        this.random = new Random(seed);
        this.clock = clock;
        this.owner = owner;
        this.account = account;
    }

    /** What is tried. */
    public interface Account {
        /** Grants. */
        void grant(PointLot lot);

        /** Uses; empty where there are not enough. */
        Optional<UUID> use(long points);

        /** Restores; {@code false} where less was used. */
        boolean restore(UUID useId, long points);

        /** Books what has expired. */
        void expire();

        /** Takes all back; {@code false} where that cannot be tried. */
        boolean revoke();

        /** What counts now. */
        long balance();

        /** Rests by source, without empty ones. */
        Map<String, Long> rests();

        /** The sum of all changes in the ledger by source, without those of 0. */
        Map<String, Long> sums();
    }

    /** Takes so many steps and compares after each. */
    public void live(int steps) {
        for (int step = 0; step < steps; step++) {
            clock.pass(Duration.ofMinutes(1 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 60)));
            String did = step();
            Instant now = clock.instant();
            assertThat(account.balance())
                    .as("balance after step %d, %s", step, did)
                    .isEqualTo(coins.stream()
                            .filter(coin -> coin.isIn() && now.isBefore(coin.expiresAt))
                            .count());
            var rests = new TreeMap<String, Long>();
            coins.stream().filter(Coin::isIn).forEach(coin -> rests.merge(coin.source, 1L, Long::sum));
            assertThat(account.rests()).as("rests after step %d, %s", step, did).isEqualTo(rests);
            assertThat(account.sums()).as("ledger after step %d, %s", step, did).isEqualTo(rests);
        }
    }

    private String step() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> grant();
            case 2, 3, 4 -> use();
            case 5, 6 -> uses.isEmpty() ? use() : restore();
            default -> random.nextInt(9) == 0 ? revoke() : expire();
        };
    }

    private String grant() {
        long points = 1L + random.nextInt(30);
        String source = String.format("S%03d", grants++);
        // A few dates only, so that lots often expire together.
        Instant expiresAt = clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1 + random.nextInt(5)));
        account.grant(new PointLot(uuid(), owner, source, points, points, clock.instant(), expiresAt));
        for (int i = 0; i < points; i++) {
            coins.add(new Coin(source, expiresAt));
        }
        return "grant";
    }

    private String use() {
        long points = 1L + random.nextInt(40);
        Instant now = clock.instant();
        List<Coin> usable = coins.stream()
                .filter(coin -> coin.isIn() && now.isBefore(coin.expiresAt))
                .sorted(Comparator.comparing((Coin coin) -> coin.expiresAt).thenComparing(coin -> coin.source))
                .limit(points)
                .toList();
        Optional<UUID> useId = account.use(points);
        assertThat(useId.isPresent()).as("enough for %d", points).isEqualTo(usable.size() == points);
        useId.ifPresent(id -> {
            usable.forEach(coin -> coin.usedBy = id);
            uses.add(id);
        });
        return "use";
    }

    private String restore() {
        UUID useId = uses.get(random.nextInt(uses.size()));
        long points = 1L + random.nextInt(20);
        List<Coin> out = coins.stream()
                .filter(coin -> useId.equals(coin.usedBy))
                .sorted(Comparator.comparing((Coin coin) -> coin.expiresAt)
                        .thenComparing(coin -> coin.source)
                        .reversed())
                .limit(points)
                .toList();
        assertThat(account.restore(useId, points)).as("restore %d", points).isEqualTo(out.size() == points);
        if (out.size() == points) {
            out.forEach(coin -> coin.usedBy = null);
        }
        return "restore";
    }

    private String expire() {
        Instant now = clock.instant();
        account.expire();
        coins.removeIf(coin -> coin.isIn() && !now.isBefore(coin.expiresAt));
        return "expire";
    }

    private String revoke() {
        if (account.revoke()) {
            coins.removeIf(Coin::isIn);
        }
        return "revoke";
    }

    private static final class Coin {
        private final String source;
        private final Instant expiresAt;
        private @Nullable UUID usedBy;

        Coin(String source, Instant expiresAt) {
            this.source = source;
            this.expiresAt = expiresAt;
        }

        boolean isIn() {
            return usedBy == null;
        }
    }
}
