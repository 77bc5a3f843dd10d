package mallstream.member.application.service;

import static java.util.stream.Collectors.groupingBy;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mallstream.member.application.port.in.RelayEvents;
import mallstream.member.application.port.out.Outbox.Claimed;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.model.Event;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.ports.Database;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.Test;

class RelayingEventsIT {
    private final Database database = Database.emptied();
    private final List<Event> topic = Collections.synchronizedList(new ArrayList<>());

    private RelayEvents relay(PublishEvents events) {
        return new UseCases(database, Clock.systemUTC()).relay(events);
    }

    private List<Boolean> publish(List<? extends Event> events) {
        topic.addAll(events);
        return Collections.nCopies(events.size(), true);
    }

    private List<MemberSignedUp> append(List<Member.Key> members, int count) {
        List<MemberSignedUp> events = IntStream.range(0, count)
                .mapToObj(i -> signUp(members.get(i % members.size())))
                .toList();
        events.forEach(event -> database.run(() -> database.outbox().append(event)));
        return events;
    }

    /** What 30 seconds do, at once. */
    private void leasesRunOut() {
        database.jdbc()
                .sql("update member.outbox_bucket set leased_until = now() - interval '1 s' where leased_until > now()")
                .update();
    }

    /** Every event is there, and each member's first appearances are in order; some may stand there twice. */
    private void assertOrdered(List<MemberSignedUp> appended) {
        var byMember = topic.stream().distinct().collect(groupingBy(Event::memberId));
        assertThat(byMember).isEqualTo(appended.stream().map(Event.class::cast).collect(groupingBy(Event::memberId)));
    }

    @Test
    void one_that_dies_with_its_lease_is_taken_over_in_order() {
        List<MemberSignedUp> events = append(List.of(key(MALL)), 1000);
        RelayEvents dying = relay(all -> {
            topic.addAll(all.subList(0, 400));
            throw new IllegalStateException("killed");
        });
        RelayEvents second = relay(this::publish);

        assertThatThrownBy(dying::relay).hasMessage("killed");
        assertThat(second.relay()).as("while the lease holds").isZero();
        leasesRunOut();
        assertThat(second.relay()).isEqualTo(1000);

        assertOrdered(events);
        assertThat(topic).hasSize(1400);
        assertThat(database.count("outbox")).isZero();
    }

    @Test
    void one_that_comes_back_late_settles_nothing() throws Exception {
        List<MemberSignedUp> events = append(List.of(key(MALL), key(MALL)), 10);
        var publishing = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        RelayEvents late = relay(all -> {
            publishing.countDown();
            uninterrupted(goOn);
            return publish(all);
        });

        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<Integer> lateCount = threads.submit(late::relay);
            uninterrupted(publishing);
            leasesRunOut();
            List<Claimed> second =
                    database.transactions().inOne(() -> database.outbox().claim(100, Duration.ofMinutes(1)));
            goOn.countDown();
            lateCount.get();

            assertThat(second).extracting(Claimed::event).isEqualTo(events);
            assertThat(database.count("outbox")).isEqualTo(10);
            assertThat(relay(this::publish).relay())
                    .as("the second still holds them")
                    .isZero();
            database.run(() -> database.outbox().settle(second, List.of(), Duration.ZERO));
            assertThat(database.count("outbox")).isZero();
        }
    }

    @Test
    void three_instances_under_writers_and_failures_publish_everything_in_order() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<Member.Key> members = Stream.generate(() -> key(MALL)).limit(20).toList();
        var appended = Collections.synchronizedList(new ArrayList<MemberSignedUp>());
        RelayEvents relay = relay(events -> sometimes(random, events));

        var tasks = new ArrayList<Callable<Boolean>>();
        for (List<Member.Key> some : List.of(members.subList(0, 10), members.subList(10, 20))) {
            tasks.add(() -> appended.addAll(append(some, 500)));
        }
        for (int i = 0; i < 3; i++) {
            tasks.add(() -> {
                await().atMost(Duration.ofSeconds(50))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> relay.relay() == 0 && appended.size() == 1000 && database.count("outbox") == 0);
                return true;
            });
        }
        Together.run(tasks);

        assertThat(topic).as("seed %d", seed).hasSize(1000);
        assertOrdered(appended);
    }

    /**
     * Four writers whose clocks are five minutes apart begin their transactions together and append to one member in turns
     * that are drawn, each while the one before it has not committed yet; three instances relay meanwhile. What is right is
     * what PostgreSQL says of the commits.
     */
    @Test
    void order_is_that_of_commits_whatever_the_clocks_say_and_whoever_began_first() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<Duration> clocks = Stream.of(-5, 0, 5, 10).map(Duration::ofMinutes).toList();
        List<Member.Key> members = Stream.generate(() -> key(MALL)).limit(3).toList();
        int rounds = 60;
        List<List<Integer>> turns = Stream.generate(() -> drawn(clocks.size(), random))
                .limit(rounds)
                .toList();
        List<List<CountDownLatch>> mayAppend = Stream.generate(() -> Stream.generate(() -> new CountDownLatch(1))
                        .limit(clocks.size() + 1L)
                        .toList())
                .limit(rounds)
                .toList();
        mayAppend.forEach(round -> round.getFirst().countDown());
        var allBegan = new CyclicBarrier(clocks.size());
        var stored = Collections.synchronizedList(new ArrayList<Stored>());
        RelayEvents relay = relay(this::publish);

        var tasks = new ArrayList<Callable<Boolean>>();
        for (int writer = 0; writer < clocks.size(); writer++) {
            int me = writer;
            tasks.add(() -> {
                for (int round = 0; round < rounds; round++) {
                    Member.Key member = members.get(round % members.size());
                    var event = new MemberSignedUp(
                            uuid(),
                            member.mallId(),
                            member.memberId(),
                            NOW.plus(clocks.get(me)).plusMillis(round));
                    int turn = turns.get(round).get(me);
                    List<CountDownLatch> latches = mayAppend.get(round);
                    stored.add(database.transactions().inOne(() -> {
                        String id = database.transactionId();
                        uninterrupted(allBegan);
                        uninterrupted(latches.get(turn));
                        database.outbox().append(event);
                        latches.get(turn + 1).countDown();
                        return new Stored(event, id);
                    }));
                }
                return true;
            });
        }
        int all = rounds * clocks.size();
        for (int i = 0; i < 3; i++) {
            tasks.add(() -> {
                await().atMost(Duration.ofSeconds(50))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> relay.relay() == 0 && stored.size() == all && database.count("outbox") == 0);
                return true;
            });
        }
        Together.run(tasks);

        List<Stored> byCommit = database
                .inOrderOfCommit(stored.stream().map(Stored::transaction).toList())
                .stream()
                .map(stored::get)
                .toList();
        assertThat(byCommit)
                .as("transactions begin in another order, seed %d", seed)
                .isNotEqualTo(byCommit.stream()
                        .sorted(Comparator.comparing(one -> Long.valueOf(one.transaction)))
                        .toList());
        assertThat(topic).as("seed %d", seed).hasSize(all);
        assertOrdered(byCommit.stream().map(Stored::event).toList());
    }

    private static List<Integer> drawn(int count, Random random) {
        var turns = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(turns, random);
        return turns;
    }

    /** One call in five fails for one member, from its first event on. */
    private List<Boolean> sometimes(Random random, List<? extends Event> events) {
        var failing = new HashSet<MemberId>();
        var safe = new ArrayList<Boolean>();
        boolean bad = random.nextInt(5) == 0;
        for (Event event : events) {
            if (bad && failing.isEmpty()) {
                failing.add(event.memberId());
            }
            safe.add(!failing.contains(event.memberId()) && topic.add(event));
        }
        return safe;
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void uninterrupted(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private record Stored(MemberSignedUp event, String transaction) {}
}
