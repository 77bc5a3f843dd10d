package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Lesson 1: what an instance holds is bounded, however much waits for it and however slow its handlers are. */
class BoundsIT {
    private static final int KB = 1024;

    @Test
    void records_held_never_exceed_max_held_while_a_backlog_waits_for_slow_handlers(TestInfo test) {
        Stage stage = Stage.named(test).partitions(3);
        stage.send(30_000, 3);
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Book book = new Book(event -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Book.stubbornly(open);
            running.decrementAndGet();
            return new Result.Done();
        });
        try (Consumers consumers = stage.start(book, "max-held=500", "max-in-flight=200", "batch.max-size=1")) {
            await("all places in flight are taken").atMost(Stage.PATIENCE).until(() -> running.get() == 200);
            // Half is a pool, of the other half one part of four is kept for replays.
            await("as much is held as may be")
                    .atMost(Stage.PATIENCE)
                    .until(() -> consumers.gauge("held") > 330 && consumers.gauge("paused.partitions") > 2);
            open.countDown();
            stage.awaitCommitted();
            assertThat(consumers.gauge("held.max")).isBetween(330.0, 500.0);
            assertThat(consumers.gauge("held")).isZero();
            assertThat(most).hasValue(200);
            assertThat(book.given).hasSize(30_000);
            assertThat(book.given.values()).allMatch(times -> times == 1);
        }
    }

    @Test
    void bytes_held_never_exceed_the_budget_and_a_record_larger_than_it_passes_alone(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 61; i++) {
            int size = i == 30 ? 900 * KB : 100 * KB;
            records.add(new ProducerRecord<>(stage.topic, i % 2, ("key-" + i).getBytes(UTF_8), new byte[size]));
        }
        TestKafka.send(records);
        long budget = 800 * KB;
        AtomicReference<Consumers> started = new AtomicReference<>();
        Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
        Queue<Long> held = new ConcurrentLinkedQueue<>();
        Handler<String> handler = events -> {
            events.forEach(each -> sizes.add(each.length()));
            Consumers running = started.get();
            held.add(running == null ? 0 : running.budget.held());
            return events.stream().<Result>map(each -> new Result.Done()).toList();
        };
        try (Consumers consumers =
                stage.start(Consumers.Like.USUAL.budget(budget), handler, "batch.max-size=1", "max-in-flight=2")) {
            started.set(consumers);
            stage.awaitCommitted();
            assertThat(sizes).hasSize(61).contains(900 * KB);
            assertThat(held).allMatch(bytes -> bytes <= budget || bytes >= 900 * KB && bytes <= 900 * KB + budget / 2);
            assertThat(held).anyMatch(bytes -> bytes > budget / 4);
            assertThat(consumers.budget.held()).isZero();
        }
    }

    /** A fetch is bounded by what it takes on the wire, and the client has no other bound than the records of a poll. */
    @Test
    void bytes_of_records_that_were_sent_compressed_exceed_the_budget_by_one_poll_at_most(TestInfo test) {
        Stage stage = Stage.named(test);
        TestKafka.create(stage.topic, 1, Map.of("compression.type", "gzip"));
        int size = 20 * KB;
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            records.add(new ProducerRecord<>(stage.topic, 0, ("key-" + i).getBytes(UTF_8), new byte[size]));
        }
        TestKafka.send(records);
        long budget = 800 * KB;
        AtomicReference<Consumers> started = new AtomicReference<>();
        Queue<Long> held = new ConcurrentLinkedQueue<>();
        Handler<String> handler = events -> {
            Consumers running = started.get();
            held.add(running == null ? 0 : running.budget.held());
            return events.stream().<Result>map(each -> new Result.Done()).toList();
        };
        try (Consumers consumers = stage.start(
                Consumers.Like.USUAL.budget(budget), handler, "batch.max-size=1", "max-in-flight=2", "max-held=400")) {
            started.set(consumers);
            stage.awaitCommitted();
            // A poll brings a partition's own part of max-held, a quarter of it where replays have one too.
            long onePoll = 100L * (size + KB);
            assertThat(held).allMatch(bytes -> bytes <= budget / 3 + onePoll);
        }
    }
}
