package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lessons 3, 7, 8 and 13: what fails costs its own attempts, holds nobody else, and reaches the dead-letter topic. */
@SuppressWarnings("try") // An instance runs as long as its block.
class FailingRecordsIT {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void records_that_never_succeed_do_not_hold_the_others(boolean thrown, TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        stage.send(12_000, 2);
        Book book = new Book(event -> {
            if (Book.number(event) % 200 != 77) {
                return new Result.Done();
            }
            if (thrown) {
                throw new IllegalStateException("never succeeds");
            }
            return new Result.TryLater(Duration.ofHours(1));
        });
        try (Consumers consumers = stage.start(
                book, "max-held=500", "batch.max-size=20", "attempts=100", "backoff.first=1h", "backoff.longest=1h")) {
            await("all healthy ones done")
                    .atMost(Stage.PATIENCE)
                    .until(() -> book.done.size() == 12_000 - 60 && consumers.gauge("held") == 60);
            // None of them holds a place that a healthy one could have.
            await("places free").atMost(Stage.PATIENCE).until(() -> consumers.gauge("in.flight") == 0);
            assertThat(consumers.gauge("held.max")).isLessThanOrEqualTo(500);
            assertThat(stage.deadLetters()).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // A handler's mistake that must do no harm.
    void a_poison_record_that_the_handler_names_costs_exactly_its_attempts(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        stage.send(1_000, 2);
        Set<Integer> poisons = Set.of(500, 777);
        Book book = new Book();
        Handler<String> handler = events -> {
            List<Result> results = new ArrayList<>(book.handle(events));
            for (int i = 0; i < events.size(); i++) {
                if (poisons.contains(Book.number(events.get(i)))) {
                    results.set(i, null);
                }
            }
            return results;
        };
        try (Consumers running = stage.start(handler, "batch.max-size=500", "batch.linger=1s")) {
            stage.awaitCommitted();
            assertThat(book.given("key-500:500")).isEqualTo(3);
            assertThat(book.given("key-777:777")).isEqualTo(3);
            assertThat(book.given.values().stream().filter(times -> times == 1)).hasSize(998);
            assertDeadLetters(stage, "no-result", "key-500:500", "key-777:777");
        }
    }

    @Test
    void an_answer_that_ends_at_the_poison_record_takes_no_neighbour_to_the_dead_letters(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(500, 1);
        Map<String, Integer> given = new ConcurrentHashMap<>();
        Handler<String> handler = events -> {
            events.forEach(each -> given.merge(each, 1, Integer::sum));
            // It takes longer than the back-off, so that all that failed come again together.
            IntStream.range(0, 10).forEach(i -> TestKafka.committed(stage.group()));
            int end = events.indexOf("key-7:7");
            return Collections.nCopies(end < 0 ? events.size() : end, new Result.Done());
        };
        try (Consumers running = stage.start(
                handler,
                "batch.max-size=500",
                "batch.linger=1s",
                "max-in-flight=1",
                "backoff.first=10ms",
                "backoff.longest=10ms")) {
            stage.awaitCommitted();
            assertDeadLetters(stage, "no-result", "key-7:7");
            assertThat(given.get("key-7:7")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void a_poison_record_in_a_batch_that_fails_as_a_whole_costs_the_halvings_more_and_no_neighbour(
            String protocol, TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        stage.send(1_000, 2);
        Set<Integer> poisons = Set.of(500, 777);
        Book book = new Book(event -> {
            if (poisons.contains(Book.number(event))) {
                throw new IllegalStateException("who of them it was is not said");
            }
            return new Result.Done();
        });
        try (Consumers running =
                stage.start(book, "batch.max-size=500", "batch.linger=1s", "group-protocol=" + protocol)) {
            stage.awaitCommitted();
            int halvings = 9;
            assertThat(book.given("key-500:500")).isBetween(3, 3 + halvings);
            assertThat(book.given("key-777:777")).isBetween(3, 3 + halvings);
            assertThat(book.allDone()).hasSize(998);
            assertThat(book.done).hasSize(998);
            assertDeadLetters(stage, "attempts-used-up", "key-500:500", "key-777:777");
        }
    }

    private static void assertDeadLetters(Stage stage, String reason, String... events) {
        assertThat(stage.deadLetters()).containsExactlyInAnyOrder(events);
        assertThat(TestKafka.read(Consumers.deadLetters(stage.topic)))
                .allMatch(each -> header(each, "kafka_dlt-exception-message").equals(reason))
                .allMatch(each -> header(each, "mallstream-attempts").equals("3"));
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void another_partition_that_succeeds_all_the_time_does_not_reset_a_poison_records_attempts(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        TestKafka.send(List.of(stage.record(0, "poison", 0)));
        Book book = new Book(event -> {
            if (Book.key(event).equals("poison")) {
                throw new IllegalStateException("poison");
            }
            return new Result.Done();
        });
        AtomicInteger sent = new AtomicInteger();
        try (Consumers consumers =
                stage.start(book, "batch.max-size=1", "backoff.first=300ms", "backoff.longest=300ms")) {
            await("the dead letter").atMost(Stage.PATIENCE).until(() -> {
                TestKafka.send(List.of(stage.record(1, "healthy", sent.incrementAndGet())));
                return deadLetterCount(consumers) == 1;
            });
            stage.awaitCommitted();
            assertThat(book.given("poison:0")).isEqualTo(3);
            assertThat(book.doneOf("healthy")).hasSize(sent.get()).isSorted();
            assertThat(stage.deadLetters()).containsExactly("poison:0");
        }
    }

    private static double deadLetterCount(Consumers consumers) {
        return consumers
                .registry
                .get("mallstream.consume.records")
                .tag("outcome", "dead-letter")
                .counter()
                .count();
    }

    @Test
    void a_dead_letter_that_is_not_taken_is_sent_again_until_it_is_and_holds_nobody_meanwhile(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        Predicate<String> poison = event -> Book.number(event) == 0;
        Book book = new Book(event -> poison.test(event) ? new Result.Refused("no-such-mall") : new Result.Done());
        try (Consumers consumers = stage.start(book)) {
            consumers.serving(stage.topic, 1);
            TestKafka.configure(Consumers.deadLetters(stage.topic), "max.message.bytes", "10");
            stage.send(200, 1, i -> "key-" + i % 100);
            await("all but the poison's key").atMost(Stage.PATIENCE).until(() -> book.done.size() == 198);
            await("it is not dropped")
                    .atMost(Stage.PATIENCE)
                    .until(() -> consumers.words(stage.topic).equals("runs")
                            && TestKafka.committed(stage.group()).getOrDefault(0, -1L) == 0);
            assertThat(stage.deadLetters()).isEmpty();
            TestKafka.configure(Consumers.deadLetters(stage.topic), "max.message.bytes", "1048588");
            stage.awaitCommitted();
            assertThat(stage.deadLetters()).containsExactly("key-0:0");
            assertThat(book.given("key-0:0")).isEqualTo(1);
            assertThat(book.doneOf("key-0")).containsExactly(100);
        }
    }

    @Test
    void a_record_as_large_as_its_topic_takes_reaches_the_dead_letters_whole(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        byte[] value = new byte[1024 * 1024];
        Arrays.fill(value, (byte) 'x');
        value[0] = '{';
        // As much as a topic takes by default: one record with what is around it.
        ProducerRecord<byte[], byte[]> large =
                new ProducerRecord<>(stage.topic, 0, "k".getBytes(UTF_8), Arrays.copyOf(value, 1_048_588 - 80));
        TestKafka.send(List.of(large));
        stage.send(1, 1);
        try (Consumers running = stage.start(new Book())) {
            stage.awaitCommitted();
            ConsumerRecord<byte[], byte[]> dead =
                    TestKafka.read(Consumers.deadLetters(stage.topic)).getFirst();
            assertThat(dead.value()).isEqualTo(large.value());
            assertThat(header(dead, "kafka_dlt-exception-message")).isEqualTo("malformed-json");
        }
    }
}
