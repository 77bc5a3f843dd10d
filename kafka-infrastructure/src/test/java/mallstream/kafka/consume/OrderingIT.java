package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What is handled in order, one after the other: the records of a key, of what the subscription says, or nothing. */
@SuppressWarnings("try") // An instance runs as long as its block.
class OrderingIT {
    @Test
    void without_an_order_records_of_one_key_run_at_the_same_time(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(20, 1, i -> "one-key");
        CountDownLatch all = new CountDownLatch(20);
        Book book = new Book(event -> {
            all.countDown();
            Book.stubbornly(all);
            return new Result.Done();
        });
        try (Consumers running = stage.start(book, "ordering=none", "batch.max-size=1", "max-in-flight=20")) {
            // It ends only if all twenty are in calls at once.
            stage.awaitCommitted();
            assertThat(book.done).hasSize(20).doesNotHaveDuplicates();
        }
    }

    @Test
    void by_the_record_a_hot_key_is_worked_on_in_many_lanes_each_in_order(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(300, 1, i -> "mall");
        CountDownLatch ten = new CountDownLatch(10);
        Map<Integer, Boolean> busy = new ConcurrentHashMap<>();
        Map<Integer, Boolean> twice = new ConcurrentHashMap<>();
        Book book = new Book(event -> {
            int lane = Book.number(event) % 10;
            if (busy.put(lane, true) != null) {
                twice.put(lane, true);
            }
            ten.countDown();
            Book.stubbornly(ten);
            busy.remove(lane);
            return new Result.Done();
        });
        Subscription<String> byKey = stage.subscription(book);
        Subscription<String> byOrder = new Subscription<>(
                byKey.domain(),
                byKey.name(),
                byKey.topic(),
                byKey.startsAt(),
                byKey.batch(),
                byKey.decoder(),
                byKey.handler(),
                byKey.owner(),
                false,
                received -> "order-" + received.offset() % 10,
                null);
        try (Consumers running =
                stage.start(Consumers.Like.USUAL, byOrder, "ordering=record", "batch.max-size=1", "max-in-flight=20")) {
            stage.awaitCommitted();
            assertThat(twice).isEmpty();
            assertThat(IntStream.range(0, 10))
                    .allSatisfy(lane -> assertThat(
                                    book.done.stream().map(Book::number).filter(number -> number % 10 == lane))
                            .hasSize(30)
                            .isSorted());
        }
    }

    @Test
    void by_key_a_hot_key_takes_no_more_than_its_share_while_others_wait(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(2_000, 1, i -> i % 10 < 9 ? "hot" : "key-" + i);
        CountDownLatch full = new CountDownLatch(1);
        Book book = new Book(event -> {
            Book.stubbornly(full);
            return new Result.Done();
        });
        try (Consumers consumers = stage.start(book, "max-in-flight=1", "batch.max-size=50")) {
            await("all held").atMost(Stage.PATIENCE).until(() -> consumers.gauge("held") == 2_000);
            full.countDown();
            await("all of the others")
                    .atMost(Stage.PATIENCE)
                    .until(() -> book.done.stream()
                                    .filter(event -> !Book.key(event).equals("hot"))
                                    .count()
                            == 200);
            // Equal shares: by the time the two hundred others are through, the hot key has had less than half of all.
            assertThat(hotBeforeLastOther(book)).isLessThan(400);
            stage.awaitCommitted();
            assertThat(book.doneOf("hot")).hasSize(1_800).isSorted();
        }
    }

    private static long hotBeforeLastOther(Book book) {
        long hot = 0;
        long found = 0;
        for (String event : book.done) {
            if (Book.key(event).equals("hot")) {
                hot++;
            } else {
                found = hot;
            }
        }
        return found;
    }
}
