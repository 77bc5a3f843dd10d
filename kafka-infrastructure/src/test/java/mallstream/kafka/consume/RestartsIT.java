package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.core.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lessons 2 and 14, and gaps: a commit never passes what is unfinished, and a restart repeats nothing else. */
@SuppressWarnings("try") // An instance runs as long as its block.
class RestartsIT {
    private static final int PARTITIONS = 3;

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void a_stop_in_the_middle_of_everything_commits_nothing_unfinished_and_loses_nothing(
            String protocol, TestInfo test) {
        Stage stage = Stage.named(test).partitions(PARTITIONS);
        stage.send(6_000, PARTITIONS, i -> "key-" + i % 300);
        Book first = new Book(new Moody(4_500));
        try (Consumers running = stage.start(first, "batch.max-size=20", "group-protocol=" + protocol)) {
            await("the middle").atMost(Stage.PATIENCE).until(() -> {
                assertNothingUnfinishedIsCommitted(stage, first);
                return first.done.size() > 2_000;
            });
        }
        assertNothingUnfinishedIsCommitted(stage, first);
        assertThat(first.allDone().size()).isLessThan(6_000);
        Set<String> known = finished(stage);
        Book second = new Book();
        try (Consumers running = stage.start(second, "group-protocol=" + protocol)) {
            stage.awaitCommitted();
        }
        Set<String> all = new HashSet<>(first.done);
        all.addAll(second.done);
        assertThat(all).hasSize(6_000);
        assertThat(second.given.keySet()).doesNotContainAnyElementsOf(known);
        assertThat(first.overlaps).isEmpty();
        assertThat(stage.deadLetters()).isEmpty();
    }

    private static void assertNothingUnfinishedIsCommitted(Stage stage, Book book) {
        Map<Integer, Progress> committed = stage.progress();
        Set<Integer> done = book.done.stream().map(Book::number).collect(Collectors.toSet());
        committed.forEach((partition, progress) -> assertThat(
                        IntStream.range(0, (int) progress.frontier()).map(offset -> offset * PARTITIONS + partition))
                .allMatch(done::contains));
    }

    /** What the commit says is finished, below the frontiers and above. */
    private static Set<String> finished(Stage stage) {
        Set<String> found = new HashSet<>();
        stage.progress().forEach((partition, progress) -> {
            Set<Long> open = IntStream.range(0, progress.open().length)
                    .mapToObj(i -> progress.open()[i])
                    .collect(Collectors.toSet());
            for (long offset = 0; offset < progress.end(); offset++) {
                if (!open.contains(offset)) {
                    int number = (int) offset * PARTITIONS + partition;
                    found.add("key-" + number % 300 + ":" + number);
                }
            }
        });
        return found;
    }

    @Test
    void each_partition_has_a_frontier_of_its_own(TestInfo test) {
        Stage stage = Stage.named(test).partitions(PARTITIONS);
        stage.send(300, PARTITIONS);
        Book book = new Book(
                event -> Book.number(event) == 31 ? new Result.TryLater(Duration.ofHours(1)) : new Result.Done());
        try (Consumers running = stage.start(book)) {
            await("all others committed")
                    .atMost(Stage.PATIENCE)
                    .untilAsserted(() -> assertThat(TestKafka.committed(stage.group()))
                            .containsAllEntriesOf(Map.of(0, 100L, 1, 10L, 2, 100L)));
        }
        assertThat(book.done).hasSize(299);
        assertThat(TestKafka.committed(stage.group())).containsEntry(1, 10L);
    }

    @Test
    void a_restart_repeats_only_what_was_unfinished_though_later_ones_were_done(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(5_000, 1);
        Set<Integer> waiting = Set.of(3, 700, 4_999);
        Book first = new Book(event ->
                waiting.contains(Book.number(event)) ? new Result.TryLater(Duration.ofHours(1)) : new Result.Done());
        try (Consumers running = stage.start(first)) {
            await("gaps in the metadata")
                    .atMost(Stage.PATIENCE)
                    .untilAsserted(() -> assertThat(stage.progress())
                            .containsEntry(0, new Progress(3, 5_000, new long[] {3, 700, 4_999})));
        }
        Book second = new Book();
        try (Consumers running = stage.start(second)) {
            stage.awaitCommitted();
        }
        assertThat(second.given.keySet()).containsExactlyInAnyOrder("key-3:3", "key-700:700", "key-4999:4999");
    }

    /** Some fail, some wait, and most are done; each comes to its end at last. */
    private static final class Moody implements Function<String, Result> {
        private final Set<String> seen = ConcurrentHashMap.newKeySet();
        private final int end;

        /** @param end from which number on all wait for longer than the test takes */
        Moody(int end) {
            this.end = end;
        }

        @Override
        public Result apply(String event) {
            int number = Book.number(event);
            if (number >= end) {
                return new Result.TryLater(Duration.ofHours(1));
            }
            if (number % 97 == 5 && seen.add(event)) {
                throw new IllegalStateException("the first time it fails");
            }
            return number % 53 == 7 && seen.add(event)
                    ? new Result.TryLater(Duration.ofMillis(100))
                    : new Result.Done();
        }
    }
}
