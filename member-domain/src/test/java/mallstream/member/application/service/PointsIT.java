package mallstream.member.application.service;

import static java.util.stream.Collectors.toMap;
import static mallstream.member.ports.Some.BENEFITS;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.Found;
import mallstream.member.application.port.in.ReadPoints;
import mallstream.member.application.port.in.UsePoints;
import mallstream.member.application.port.in.UsePoints.Result;
import mallstream.member.application.port.in.WithdrawMember;
import mallstream.member.model.Member;
import mallstream.member.model.PointHistory;
import mallstream.member.model.PointLot;
import mallstream.member.model.RequestKey;
import mallstream.member.ports.Database;
import mallstream.member.ports.HandClock;
import mallstream.member.ports.Some;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class PointsIT {
    private final Database database = Database.emptied();
    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final UseCases useCases = new UseCases(database, clock);
    private final UsePoints points = useCases.usePoints();
    private final Member member = member(MALL);
    private final Member.Key owner = keyOf(member);

    PointsIT() {
        database.run(() -> database.members().add(member));
    }

    private void grant(String source, long amount, Duration counts) {
        grant(new PointLot(
                uuid(),
                owner,
                source,
                amount,
                amount,
                clock.instant(),
                clock.instant().plus(counts)));
    }

    private void grant(PointLot lot) {
        database.run(() -> database.points().grantOnce(List.of(lot)));
    }

    private Optional<UUID> use(long amount) {
        return booked(points.use(owner, amount, null));
    }

    private static Optional<UUID> booked(Answer<Result> answer) {
        return answer instanceof Answer.Given<Result> given && given.value() instanceof Result.Booked booked
                ? Optional.of(booked.id())
                : Optional.empty();
    }

    private long balance() {
        return ((Found.Shown<ReadPoints.Points>) useCases.readPoints().points(owner))
                .value()
                .balance();
    }

    private Map<String, Long> bySource(String sql) {
        return database.jdbc().sql(sql).query((row, n) -> Map.entry(row.getString(1), row.getLong(2))).list().stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Map<String, Long> rests() {
        return bySource("select source, rest from member.point_lot where rest > 0");
    }

    private Map<String, Long> sums() {
        return bySource("""
                select l.source, sum(e.amount) from member.point_entry e join member.point_lot l on l.id = e.lot_id
                group by l.source having sum(e.amount) <> 0""");
    }

    @RepeatedTest(4)
    void the_balance_is_the_rest_of_unexpired_lots_in_every_history() {
        long seed = Long.getLong("seed", new Random().nextLong());
        try {
            new PointHistory(seed, clock, owner, new InDatabase()).live(60);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("again with -Dseed=" + seed, e);
        }
    }

    @RepeatedTest(5)
    void many_at_once_never_use_more_than_there_is() {
        grant("A", 60, Duration.ofDays(1));
        grant("B", 40, Duration.ofDays(2));

        List<Boolean> done = Together.run(Collections.nCopies(16, (Callable<Boolean>) () -> {
            boolean any = false;
            for (int i = 0; i < 4; i++) {
                any = use(7).isPresent();
            }
            return any;
        }));

        assertThat(done).as("of 64 uses of 7 there is room for 14").contains(false);
        assertThat(balance()).isEqualTo(100 - 14 * 7);
        assertThat(sums()).isEqualTo(rests()).isEqualTo(Map.of("B", 2L));
    }

    @RepeatedTest(5)
    void uses_restorations_expiry_and_grants_at_once_never_deadlock_and_the_ledger_adds_up() {
        for (int lot = 0; lot < 10; lot++) {
            grant("L" + lot, 50, Duration.ofMinutes(lot));
        }
        var tasks = new ArrayList<Callable<Integer>>();
        for (int thread = 0; thread < 6; thread++) {
            int own = thread;
            tasks.add(() -> {
                for (int i = 0; i < 10; i++) {
                    Optional<UUID> used = use(3 + own);
                    if (used.isPresent() && i % 2 == 0) {
                        assertThat(booked(points.restore(owner, used.get(), 2, null)))
                                .isPresent();
                    }
                }
                return 0;
            });
        }
        clock.pass(Duration.ofMinutes(5));
        for (int thread = 0; thread < 3; thread++) {
            int own = thread;
            tasks.add(() -> {
                int expired = 0;
                for (int i = 0; i < 10; i++) {
                    grant("G" + own + "-" + i, 5, Duration.ofDays(1));
                    expired += useCases.expirePoints().expire();
                }
                return expired;
            });
        }

        int expired = Together.run(tasks).stream().mapToInt(Integer::intValue).sum();
        // What one round left because it was locked, the next takes; 10 lots are few.
        for (int round = 0; round < 3; round++) {
            expired += useCases.expirePoints().expire();
        }

        assertThat(expired).as("lots 0 to 5, each once").isEqualTo(6);
        assertThat(sums()).isEqualTo(rests());
        assertThat(balance())
                .isEqualTo(rests().values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    void what_no_instance_was_there_to_expire_is_expired_later_batch_by_batch() {
        List<PointLot> lots = new ArrayList<>();
        for (int i = 0; i < 1200; i++) {
            lots.add(PointLot.forSignUp(uuid(), Some.key(MALL), 5, 1, clock.instant()));
        }
        database.run(() -> database.points().grantOnce(lots));
        grant("LATER", 5, Duration.ofDays(9));

        assertThat(useCases.expirePoints().expire()).as("still their last day").isZero();
        clock.pass(Duration.ofDays(5));

        assertThat(List.of(
                        useCases.expirePoints().expire(),
                        useCases.expirePoints().expire(),
                        useCases.expirePoints().expire(),
                        useCases.expirePoints().expire()))
                .containsExactly(500, 500, 200, 0);
        assertThat(rests()).isEqualTo(Map.of("LATER", 5L));
    }

    @RepeatedTest(5)
    void the_same_key_at_the_same_time_uses_once() {
        grant("A", 100, Duration.ofDays(1));
        var key = new RequestKey("shop", "POST", "/uses", "k-1", new byte[] {1});

        List<Answer<Result>> answers =
                Together.run(Collections.nCopies(4, (Callable<Answer<Result>>) () -> points.use(owner, 10, key)));
        Answer<Result> afterwards = points.use(owner, 10, key);

        assertThat(answers).contains(afterwards).isSubsetOf(afterwards, new Answer.StillRunning<>());
        assertThat(balance()).isEqualTo(90);
    }

    @RepeatedTest(5)
    void whatever_is_granted_or_used_while_a_member_leaves_has_ended_with_it() {
        grant("A", 100, Duration.ofDays(1));

        Together.run(List.of(
                () -> {
                    for (int i = 0; i < 10; i++) {
                        grant("G" + i, 5, Duration.ofDays(1));
                        database.run(() -> database.coupons()
                                .issueOnce(List.of(BENEFITS.couponPolicy().issue(uuid(), owner, clock.instant()))));
                    }
                    return true;
                },
                () -> {
                    for (int i = 0; i < 10; i++) {
                        points.use(owner, 3, null);
                    }
                    return true;
                },
                () -> useCases.withdraw().withdraw(owner) == WithdrawMember.Result.WITHDRAWN));

        assertThat(useCases.withdraw().withdraw(owner)).isEqualTo(WithdrawMember.Result.ALREADY_WITHDRAWN);
        assertThat(sums()).isEqualTo(rests()).isEmpty();
        assertThat(database.jdbc()
                        .sql("select count(*) from member.coupon where expires_at > ?")
                        .param(clock.instant().atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void nothing_personal_is_left_of_who_withdrew() {
        useCases.withdraw().withdraw(owner);

        assertThat(database.count("member")).isZero();
        assertThat(database.jdbc()
                        .sql("select to_jsonb(w)::text from member.withdrawn_member w")
                        .query(String.class)
                        .single())
                .contains(member.id().toString())
                .doesNotContain("홍", "hong", "5678", member.loginId().value());
    }

    private final class InDatabase implements PointHistory.Account {
        @Override
        public void grant(PointLot lot) {
            PointsIT.this.grant(lot);
        }

        @Override
        public Optional<UUID> use(long amount) {
            return PointsIT.this.use(amount);
        }

        @Override
        public boolean restore(UUID useId, long amount) {
            return booked(points.restore(owner, useId, amount, null)).isPresent();
        }

        @Override
        public void expire() {
            useCases.expirePoints().expire();
        }

        @Override
        public boolean revoke() {
            return false;
        }

        @Override
        public long balance() {
            return PointsIT.this.balance();
        }

        @Override
        public Map<String, Long> rests() {
            return PointsIT.this.rests();
        }

        @Override
        public Map<String, Long> sums() {
            return PointsIT.this.sums();
        }
    }
}
