package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.admin.MemberDescription;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lessons 4, 5, 9, 10 and 12: what happens while partitions move. */
@SuppressWarnings("try") // An instance runs as long as its block.
class RebalancesIT {
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void commits_that_fail_while_members_come_and_go_never_end_the_poll_loop(String protocol, TestInfo test) {
        Stage stage = Stage.named(test).partitions(4);
        FailingCommits faults = new FailingCommits();
        Book steady = new Book();
        Book guest = new Book();
        String[] settings = {"group-protocol=" + protocol, "drain=1s"};
        try (Consumers stays = stage.start(Consumers.Like.USUAL.around(faults::around), steady, settings)) {
            stays.serving(stage.topic, 4);
            List<Thread> poll = pollThreads(stage);
            for (int round = 0; round < 3; round++) {
                try (Consumers comes = stage.start(guest, settings)) {
                    stage.send(400, 4, i -> "key-" + i % 40);
                    comes.serving(stage.topic, 2);
                    stage.send(400, 4, i -> "key-" + i % 40);
                }
                stays.serving(stage.topic, 4);
            }
            stage.awaitCommitted();
            assertThat(poll).hasSize(1).allMatch(Thread::isAlive);
            assertThat(faults.failed.get()).isGreaterThan(5);
            assertThat(union(steady, guest)).hasSize(2_400);
            assertThat(steady.overlaps).isEmpty();
            assertThat(stage.deadLetters()).isEmpty();
        }
    }

    private static List<Thread> pollThreads(Stage stage) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("poll-" + stage.topic))
                .toList();
    }

    private static Set<String> union(Book one, Book other) {
        Set<String> all = new HashSet<>(one.done);
        all.addAll(other.done);
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void partitions_that_come_back_while_their_old_calls_run_never_run_a_key_twice_and_lose_nothing(
            String protocol, TestInfo test) {
        Stage stage = Stage.named(test).partitions(4);
        stage.send(40, 4, i -> "key-" + i);
        CountDownLatch open = new CountDownLatch(1);
        Set<String> first = ConcurrentHashMap.newKeySet();
        Book stays = new Book(event -> {
            if (Book.number(event) < 40 && first.add(event)) {
                Book.stubbornly(open);
            }
            return new Result.Done();
        });
        // It finishes nothing, so that all comes back.
        Book guest = new Book(event -> new Result.TryLater(Duration.ofHours(1)));
        String[] settings = {"group-protocol=" + protocol, "drain=0s", "batch.max-size=1", "max-in-flight=100"};
        try (Consumers running = stage.start(stays, settings)) {
            await("all in flight").atMost(Stage.PATIENCE).until(() -> first.size() == 40);
            try (Consumers leaves = stage.start(guest, settings)) {
                leaves.serving(stage.topic, 2);
                await("given to the guest").atMost(Stage.PATIENCE).until(() -> guest.given.size() == 20);
            }
            running.serving(stage.topic, 4);
            stage.send(400, 4, i -> "key-" + i % 40);
            await("the records that came back wait for the calls that run")
                    .atMost(Stage.PATIENCE)
                    .until(() -> running.gauge("held") >= 440);
            assertThat(stays.given.values()).allMatch(times -> times == 1);
            open.countDown();
            stage.awaitCommitted();
            assertThat(stays.overlaps).isEmpty();
            assertThat(stays.allDone()).hasSize(440);
            assertThat(IntStream.range(0, 40))
                    .allMatch(key -> stays.doneOf("key-" + key).stream()
                            .skip(stays.given("key-" + key + ":" + key) - 1L)
                            .sorted()
                            .toList()
                            .equals(stays.doneOf("key-" + key).stream()
                                    .skip(stays.given("key-" + key + ":" + key) - 1L)
                                    .toList()));
            assertThat(running.gauge("held")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void a_lingering_batch_is_handled_and_committed_before_its_partition_goes(String protocol, TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        stage.send(20, 2);
        Book stays = new Book();
        Book comes = new Book();
        String[] settings = {"group-protocol=" + protocol, "batch.linger=30s"};
        try (Consumers running = stage.start(stays, settings)) {
            await("all linger").atMost(Stage.PATIENCE).until(() -> running.gauge("held") == 20);
            assertThat(stays.given).isEmpty();
            try (Consumers other = stage.start(comes, settings)) {
                other.serving(stage.topic, 1);
                assertThat(stays.done).hasSize(10);
                assertThat(TestKafka.committed(stage.group())).containsValue(10L);
                assertThat(running.gauge("held")).isEqualTo(10);
                assertThat(comes.given).isEmpty();
            }
        }
        stage.awaitCommitted();
        assertThat(stays.done).hasSize(20).doesNotHaveDuplicates();
        assertThat(comes.given).isEmpty();
    }

    @Test
    void a_rebalance_waits_for_a_slow_handler_up_to_its_drain_and_tells_it_when_it_lost_its_partition(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        stage.send(2, 2);
        CountDownLatch open = new CountDownLatch(1);
        Map<String, Delivery> deliveries = new ConcurrentHashMap<>();
        Set<String> first = ConcurrentHashMap.newKeySet();
        Book slow = new Book(event -> {
            if (Book.number(event) < 2 && first.add(event)) {
                deliveries.put(event, Delivery.current().orElseThrow());
                Book.stubbornly(open);
            }
            return new Result.Done();
        });
        Book quick = new Book();
        String[] settings = {"batch.max-size=1", "drain=1s"};
        try (Consumers running = stage.start(slow, settings)) {
            await("both in flight").atMost(Stage.PATIENCE).until(() -> deliveries.size() == 2);
            assertThat(deliveries.values()).allMatch(Delivery::owned);
            long began = System.nanoTime();
            try (Consumers other = stage.start(quick, settings)) {
                other.serving(stage.topic, 1);
                // Two joins of the group, each within the drain, and the start of an instance.
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
                await("handled by the new owner").atMost(Stage.PATIENCE).until(() -> quick.done.size() == 1);
                String moved = quick.done.iterator().next();
                assertThat(deliveries)
                        .allSatisfy((event, delivery) ->
                                assertThat(delivery.owned()).isEqualTo(!event.equals(moved)));
            }
            running.serving(stage.topic, 2);
            stage.send(2, 2);
            await("new ones of the partition that moved").atMost(Stage.PATIENCE).until(() -> slow.done.size() == 2);
            long newest = slow.epochs.stream().mapToLong(it -> it).max().orElseThrow();
            assertThat(deliveries.get(quick.done.iterator().next()))
                    .extracting(it -> it == null ? newest : it.epoch())
                    .asInstanceOf(InstanceOfAssertFactories.LONG)
                    .isLessThan(newest);
            open.countDown();
            stage.awaitCommitted();
            assertThat(running.gauge("held")).isZero();
        }
    }

    @Test
    void a_handler_slower_than_the_poll_interval_never_costs_the_membership(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        stage.send(500, 2);
        CountDownLatch open = new CountDownLatch(1);
        Book book = new Book(event -> {
            Book.stubbornly(open);
            return new Result.Done();
        });
        Map<String, Object> impatient = Map.of("max.poll.interval.ms", 1_000);
        // Full to its bounds as well: nothing is fetched, and it must poll all the same.
        try (Consumers running =
                stage.start(Consumers.Like.USUAL.consumer(impatient), book, "max-held=100", "max-in-flight=2")) {
            await("full").atMost(Stage.PATIENCE).until(() -> running.gauge("paused.partitions") >= 2);
            List<String> members = members(stage);
            assertThat(members).hasSize(1);
            await("still a member after three intervals")
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> members(stage).equals(members));
            open.countDown();
            stage.awaitCommitted();
            assertThat(members(stage)).isEqualTo(members);
            assertThat(book.given).hasSize(500);
            assertThat(book.given.values()).allMatch(times -> times == 1);
        }
    }

    private static List<String> members(Stage stage) {
        return TestKafka.BROKER
                .ask(admin ->
                        admin.describeConsumerGroups(List.of(stage.group())).all())
                .values()
                .stream()
                .flatMap(each -> each.members().stream())
                .map(MemberDescription::consumerId)
                .toList();
    }
}
