package mallstream.member.model;

import static java.util.stream.Collectors.toMap;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import mallstream.member.model.PointAccount.RestoreResult;
import mallstream.member.model.PointAccount.UseResult;
import mallstream.member.ports.HandClock;
import org.junit.jupiter.api.Test;

class PointAccountTest {
    private static final Member.Key OWNER = key(MALL);
    private static final UUID USE = uuid();

    private final PointLot late = lot(100, Duration.ofDays(2));
    private final PointLot early = lot(50, Duration.ofDays(1));
    private final PointAccount account = new PointAccount(List.of(late, early));

    private static PointLot lot(long points, Duration counts) {
        return new PointLot(uuid(), OWNER, "S", points, points, NOW, NOW.plus(counts));
    }

    private static PointEntry used(PointLot lot, long points) {
        return new PointEntry.Use(lot.id(), USE, points, NOW);
    }

    @Test
    void what_expires_first_is_used_first() {
        assertThat(account.use(USE, 60, NOW)).isEqualTo(new UseResult.Booked(List.of(used(early, 50), used(late, 10))));
        assertThat(account.use(USE, 50, NOW)).isEqualTo(new UseResult.Booked(List.of(used(early, 50))));
        assertThat(account.use(USE, 150, NOW))
                .isEqualTo(new UseResult.Booked(List.of(used(early, 50), used(late, 100))));
    }

    @Test
    void more_than_the_balance_takes_nothing() {
        assertThat(account.use(USE, 151, NOW)).isEqualTo(new UseResult.NotEnough(150));
        assertThat(account.use(USE, 101, early.expiresAt())).isEqualTo(new UseResult.NotEnough(100));
    }

    @Test
    void a_restoration_goes_back_to_the_lots_and_the_last_taken_comes_first() {
        List<PointEntry> booked = List.of(used(early, 50), used(late, 10));
        UUID back = uuid();

        assertThat(PointAccount.restore(USE, booked, back, 15, NOW))
                .isEqualTo(new RestoreResult.Booked(List.of(
                        new PointEntry.Restore(late.id(), USE, back, 10, NOW),
                        new PointEntry.Restore(early.id(), USE, back, 5, NOW))));
    }

    @Test
    void no_more_is_restored_than_was_used() {
        List<PointEntry> booked = List.of(used(early, 50), new PointEntry.Restore(early.id(), USE, uuid(), 30, NOW));

        assertThat(PointAccount.restore(USE, booked, uuid(), 21, NOW)).isEqualTo(new RestoreResult.MoreThanUsed(20));
        assertThat(PointAccount.restore(USE, booked, uuid(), 20, NOW)).isInstanceOf(RestoreResult.Booked.class);
    }

    @Test
    void at_the_end_of_its_last_day_the_rest_of_a_lot_expires_and_no_other() {
        Instant end = early.expiresAt();

        assertThat(account.expire(end.minusNanos(1))).isEmpty();
        assertThat(account.expire(end)).containsExactly(new PointEntry.Expire(early.id(), 50, end));
        assertThat(account.after(account.expire(end)).expire(end)).isEmpty();
    }

    @Test
    void all_that_is_left_is_revoked_expired_or_not() {
        PointAccount left = account.after(List.of(used(late, 100)));

        assertThat(left.revoke(late.expiresAt()))
                .containsExactly(new PointEntry.Revoke(early.id(), 50, late.expiresAt()));
    }

    @Test
    void a_lot_is_never_overdrawn_nor_overfilled() {
        assertThatThrownBy(() -> account.after(List.of(used(early, 51)))).isInstanceOf(InvalidValue.class);
        var tooMuch = new PointEntry.Restore(early.id(), USE, uuid(), 1, NOW);
        assertThatThrownBy(() -> account.after(List.of(tooMuch))).isInstanceOf(InvalidValue.class);
    }

    @Test
    void the_balance_is_the_rest_of_unexpired_lots_in_every_history() {
        long first = Long.getLong("seed", new Random().nextLong());
        int histories = System.getProperty("seed") == null ? 500 : 1;
        for (long seed = first; seed < first + histories; seed++) {
            var clock = new HandClock("2026-01-02T03:04:05Z");
            try {
                new PointHistory(seed, clock, OWNER, new InMemory(clock)).live(80);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("again with -Dseed=" + seed, e);
            }
        }
    }

    private static final class InMemory implements PointHistory.Account {
        private final HandClock clock;
        private final List<PointEntry> ledger = new ArrayList<>();
        private PointAccount account = new PointAccount(List.of());

        InMemory(HandClock clock) {
            this.clock = clock;
        }

        private void book(List<PointEntry> entries) {
            account = account.after(entries);
            ledger.addAll(entries);
        }

        @Override
        public void grant(PointLot lot) {
            account = new PointAccount(
                    Stream.concat(Stream.of(lot), account.lots().stream()).toList());
            ledger.add(new PointEntry.Grant(lot.id(), lot.granted(), lot.grantedAt()));
        }

        @Override
        public Optional<UUID> use(long points) {
            UUID useId = uuid();
            return switch (account.use(useId, points, clock.instant())) {
                case UseResult.NotEnough ignored -> Optional.empty();
                case UseResult.Booked booked -> {
                    book(booked.entries());
                    yield Optional.of(useId);
                }
            };
        }

        @Override
        public boolean restore(UUID useId, long points) {
            List<PointEntry> booked = ledger.stream()
                    .filter(entry ->
                            entry instanceof PointEntry.Use use && use.useId().equals(useId)
                                    || entry instanceof PointEntry.Restore back
                                            && back.useId().equals(useId))
                    .toList();
            return switch (PointAccount.restore(useId, booked, uuid(), points, clock.instant())) {
                case RestoreResult.MoreThanUsed ignored -> false;
                case RestoreResult.Booked back -> {
                    book(back.entries());
                    yield true;
                }
            };
        }

        @Override
        public void expire() {
            book(account.expire(clock.instant()));
        }

        @Override
        public boolean revoke() {
            book(account.revoke(clock.instant()));
            return true;
        }

        @Override
        public long balance() {
            return account.balanceAt(clock.instant());
        }

        @Override
        public Map<String, Long> rests() {
            return account.lots().stream()
                    .filter(lot -> lot.rest() > 0)
                    .collect(toMap(PointLot::source, PointLot::rest));
        }

        @Override
        public Map<String, Long> sums() {
            Map<String, Long> sums = account.lots().stream()
                    .collect(toMap(
                            PointLot::source,
                            lot -> ledger.stream()
                                    .filter(entry -> entry.lotId().equals(lot.id()))
                                    .mapToLong(PointEntry::change)
                                    .sum()));
            sums.values().removeIf(sum -> sum == 0);
            return sums;
        }
    }
}
