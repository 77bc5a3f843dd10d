package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import mallstream.kafka.TestKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A handler that hangs holds its own key, and nobody else. */
@SuppressWarnings("try") // An instance runs as long as its block.
class HungHandlersIT {
    @Test
    void a_handler_that_never_returns_holds_its_key_only_is_named_and_may_come_back(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        CountDownLatch returns = new CountDownLatch(1);
        Book book = new Book(event -> {
            if (event.equals("hung:0")) {
                Book.stubbornly(returns);
            }
            return new Result.Done();
        });
        stage.send(1, 1, i -> "hung");
        try (Consumers consumers = stage.start(book, "call-timeout=200ms", "max-in-flight=1")) {
            await("it is named")
                    .atMost(Stage.PATIENCE)
                    .until(() -> consumers.running(stage.topic).words().state().equals("stuck"));
            assertThat(consumers.words(stage.topic))
                    .contains(stage.topic + "-0 offset 0")
                    .contains("other keys go on");
            assertThat(consumers.running(stage.topic).words().well()).isFalse();
            stage.send(1, 1, i -> "hung");
            // The one place in flight is free again, and 10,000 of its own partition go past it.
            stage.send(20_000, 2, i -> "key-" + i % 500);
            await("all others done").atMost(Stage.PATIENCE).until(() -> book.done.size() == 20_000);
            await("all others committed").atMost(Stage.PATIENCE).untilAsserted(() -> {
                assertThat(TestKafka.committed(stage.group())).containsAllEntriesOf(Map.of(0, 0L, 1, 10_000L));
                assertThat(stage.progress().get(0))
                        .extracting(it -> it == null ? -1 : it.end())
                        .isEqualTo(10_002L);
            });
            assertThat(book.given("hung:1")).isZero();
            returns.countDown();
            stage.awaitCommitted();
            assertThat(book.doneOf("hung")).containsExactly(0, 1);
            assertThat(consumers.running(stage.topic).words().state()).isEqualTo("idle");
            assertThat(stage.deadLetters()).isEmpty();
            assertThat(book.overlaps).isEmpty();
        }
    }

    @Test
    void a_call_that_takes_too_long_is_interrupted_and_costs_an_attempt(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(10, 1);
        CountDownLatch never = new CountDownLatch(1);
        Book book = new Book(event -> {
            if (Book.number(event) == 4) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
            }
            return new Result.Done();
        });
        try (Consumers running = stage.start(book, "call-timeout=200ms", "batch.max-size=1")) {
            stage.awaitCommitted();
            assertThat(book.given("key-4:4")).isEqualTo(3);
            assertThat(book.done).hasSize(9);
            assertThat(stage.deadLetters()).containsExactly("key-4:4");
        }
    }

    @Test
    void an_instance_stops_though_a_handler_never_returns(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(10, 1);
        CountDownLatch returns = new CountDownLatch(1);
        Book first = new Book(event -> {
            if (Book.number(event) == 4) {
                Book.stubbornly(returns);
            }
            return new Result.Done();
        });
        long began = System.nanoTime();
        try (Consumers running = stage.start(first, "batch.max-size=1", "drain=500ms")) {
            await("all others done").atMost(Stage.PATIENCE).until(() -> first.done.size() == 9);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        Book second = new Book();
        try (Consumers running = stage.start(second)) {
            stage.awaitCommitted();
            assertThat(second.given.keySet()).containsExactly("key-4:4");
        }
        returns.countDown();
    }
}
