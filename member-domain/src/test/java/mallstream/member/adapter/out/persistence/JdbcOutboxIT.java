package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.signUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import mallstream.member.application.port.out.Outbox.Claimed;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.ports.Database;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class JdbcOutboxIT {
    private final Database database = Database.emptied();

    private void append(MemberSignedUp event) {
        database.run(() -> database.outbox().append(event));
    }

    private List<Claimed> claim() {
        return database.transactions().inOne(() -> database.outbox().claim(10_000, Duration.ofMinutes(1)));
    }

    private List<MemberSignedUp> claimed() {
        return claim().stream().map(Claimed::event).toList();
    }

    @Test
    void a_transaction_that_began_first_and_commits_last_comes_last() {
        Member.Key member = key(MALL);
        MemberSignedUp beganFirst = signUp(member);
        MemberSignedUp committedFirst = signUp(member);

        database.run(() -> {
            database.jdbc()
                    .sql("select pg_current_xact_id()::text")
                    .query(String.class)
                    .single();
            inAnotherThread(() -> append(committedFirst));
            database.outbox().append(beganFirst);
        });

        assertThat(claimed()).containsExactly(committedFirst, beganFirst);
    }

    @Test
    void an_event_of_a_member_waits_until_the_one_before_it_is_committed() throws Exception {
        Member.Key member = key(MALL);
        MemberSignedUp first = signUp(member);
        MemberSignedUp second = signUp(member);

        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> waiting = database.transactions().inOne(() -> {
                database.outbox().append(first);
                Future<?> other = threads.submit(() -> append(second));
                await("the second to wait for a lock").until(() -> waitingForAdvisoryLock() == 1);
                inAnotherThread(() -> append(signUp(MALL)));
                assertThat(other).as("while somebody else's event passed").isNotDone();
                return other;
            });
            waiting.get();
        }

        assertThat(claimed())
                .filteredOn(event -> event.memberId().equals(member.memberId()))
                .containsExactly(first, second);
    }

    @Test
    void what_was_rolled_back_is_not_there() {
        assertThat(catchThrowable(() -> database.run(() -> {
                    database.outbox().append(signUp(MALL));
                    throw new IllegalStateException("no");
                })))
                .isInstanceOf(IllegalStateException.class);

        assertThat(claimed()).isEmpty();
    }

    @Test
    void instances_that_claim_at_the_same_time_get_nothing_in_common() {
        for (int round = 0; round < 20; round++) {
            List<MemberSignedUp> events =
                    Stream.generate(() -> signUp(MALL)).limit(100).toList();
            database.run(() -> events.forEach(database.outbox()::append));

            List<List<Claimed>> claims = Together.run(List.of(this::claim, this::claim, this::claim));

            assertThat(claims.stream().flatMap(List::stream).map(Claimed::sequence))
                    .doesNotHaveDuplicates();
            assertThat(claims.stream().map(JdbcOutboxIT::buckets).flatMap(Stream::distinct))
                    .as("buckets")
                    .doesNotHaveDuplicates();
            assertThat(claims)
                    .allSatisfy(claim -> assertThat(buckets(claim).distinct())
                            .as("a claim is a quarter of the buckets at the most")
                            .hasSizeLessThanOrEqualTo(16));
            claims.forEach(claim -> database.run(() -> database.outbox().settle(claim, List.of(), Duration.ZERO)));
            await().until(() -> {
                List<Claimed> rest = claim();
                database.run(() -> database.outbox().settle(rest, List.of(), Duration.ZERO));
                return database.count("outbox") == 0;
            });
        }
    }

    private static Stream<Integer> buckets(List<Claimed> claim) {
        return claim.stream().map(Claimed::bucket);
    }

    private long waitingForAdvisoryLock() {
        var elsewhere = JdbcClient.create(database.dataSource());
        return elsewhere
                .sql("select count(*) from pg_locks where locktype = 'advisory' and not granted")
                .query(Long.class)
                .single();
    }

    private static void inAnotherThread(Runnable work) {
        try (var threads = Executors.newSingleThreadExecutor()) {
            threads.submit(work).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
