package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import mallstream.kafka.consume.Consumers.Like;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Lessons 11 and 15: what operators want holds through rebalances, and what they are told is so. */
@SuppressWarnings("try") // An instance runs as long as its block.
class OperationIT {
    @Test
    void a_pause_holds_through_rebalances_and_a_resume_delivers_everything(TestInfo test) {
        Stage stage = Stage.named(test).partitions(4);
        Book stays = new Book();
        Book guest = new Book();
        try (Consumers consumers = stage.start(stays)) {
            consumers.serving(stage.topic, 4);
            consumers.control.pause(stage.topic, "ops");
            await("paused")
                    .atMost(Stage.PATIENCE)
                    .until(() -> state(consumers, stage).equals("paused"));
            stage.send(200, 4);
            try (Consumers comes = stage.start(guest)) {
                comes.serving(stage.topic, 2);
                consumers.serving(stage.topic, 2);
                await("the guest follows")
                        .atMost(Stage.PATIENCE)
                        .until(() -> state(comes, stage).equals("paused"));
            }
            consumers.serving(stage.topic, 4);
            assertThat(state(consumers, stage)).isEqualTo("paused");
            stage.send(200, 4);
            assertThat(stays.given).isEmpty();
            assertThat(guest.given).isEmpty();
            assertThat(consumers.gauge("held")).isZero();
            consumers.control.resume(stage.topic, "ops");
            stage.awaitCommitted();
            assertThat(stays.done).hasSize(400).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_pause_lets_calls_that_run_end_and_keeps_what_is_held(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(100, 1);
        CountDownLatch open = new CountDownLatch(1);
        Book book = new Book(event -> {
            Book.stubbornly(open);
            return new Result.Done();
        });
        try (Consumers consumers = stage.start(book, "batch.max-size=1", "max-in-flight=10")) {
            await("ten run").atMost(Stage.PATIENCE).until(() -> book.given.size() == 10);
            consumers.control.pause(stage.topic, "ops");
            await("paused")
                    .atMost(Stage.PATIENCE)
                    .until(() -> state(consumers, stage).equals("paused"));
            open.countDown();
            await("what ran is done").atMost(Stage.PATIENCE).until(() -> book.done.size() == 10);
            assertThat(book.given).hasSize(10);
            consumers.control.resume(stage.topic, "ops");
            stage.awaitCommitted();
            assertThat(book.given.values()).hasSize(100).allMatch(times -> times == 1);
        }
    }

    @Test
    void no_more_records_begin_per_second_than_an_operator_allows(TestInfo test) {
        Stage stage = Stage.named(test).partitions(2);
        int perSecond = 100;
        AtomicReference<Long> began = new AtomicReference<>();
        Set<Long> tooEarly = new HashSet<>();
        Book book = new Book();
        Handler<String> handler = events -> {
            synchronized (tooEarly) {
                var results = book.handle(events);
                long micros = (System.nanoTime() - began.get()) / 1_000;
                // A second's worth may have been saved up before.
                if (book.done.size() > perSecond + micros * perSecond / 1_000_000 + 1) {
                    tooEarly.add(micros);
                }
                return results;
            }
        };
        try (Consumers consumers = stage.start(handler)) {
            consumers.serving(stage.topic, 2);
            consumers.control.limits(stage.topic, new ConsumerControl.Limits(null, perSecond), "ops");
            began.set(System.nanoTime());
            stage.send(300, 2);
            await("all done").atMost(Stage.PATIENCE).until(() -> book.done.size() == 300);
            assertThat(Duration.ofNanos(System.nanoTime() - began.get()))
                    .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(8));
            assertThat(tooEarly).isEmpty();
        }
    }

    @Test
    void idle_slow_stuck_paused_waiting_and_served_by_others_are_told_apart(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        AtomicReference<String> mood = new AtomicReference<>("");
        AtomicReference<CountDownLatch> open = new AtomicReference<>(new CountDownLatch(1));
        Book book = new Book(event -> {
            switch (mood.get()) {
                case "slow", "stuck" -> Book.stubbornly(open.get());
                case "away" ->
                    throw new InfrastructureUnavailable(new IllegalStateException("database is unavailable"));
                default -> {}
            }
            return new Result.Done();
        });
        Like like = Like.USUAL.slowAfter(Duration.ofMillis(500));
        try (Consumers consumers = stage.start(like, book, "call-timeout=2s")) {
            consumers.serving(stage.topic, 1);
            awaitWords(consumers, stage, "idle", "runs", true);

            mood.set("slow");
            stage.send(1, 1);
            awaitWords(consumers, stage, "slow", "the oldest unfinished record was received", true);
            awaitWords(consumers, stage, "stuck", stage.topic + "-0 offset 0", false);
            open.get().countDown();
            awaitWords(consumers, stage, "idle", "runs", true);

            mood.set("away");
            stage.send(1, 1);
            awaitWords(consumers, stage, "waiting", "database is unavailable since", false);
            mood.set("");
            awaitWords(consumers, stage, "idle", "runs", true);

            consumers.control.pause(stage.topic, "ops");
            awaitWords(consumers, stage, "paused", "paused by ops since", true);
            consumers.control.resume(stage.topic, "ops");
            awaitWords(consumers, stage, "idle", "runs", true);

            try (Consumers other = stage.start(like, new Book())) {
                await("one of two has the partition")
                        .atMost(Stage.PATIENCE)
                        .until(() -> consumers.words(stage.topic).contains("other instances have the partitions")
                                || other.words(stage.topic).contains("other instances have the partitions"));
                assertThat(state(consumers, stage)).isEqualTo("idle");
                assertThat(state(other, stage)).isEqualTo("idle");
            }
        }
    }

    private static void awaitWords(Consumers consumers, Stage stage, String state, String reason, boolean well) {
        await(state).atMost(Stage.PATIENCE).untilAsserted(() -> {
            var words = consumers.running(stage.topic).words();
            assertThat(words.state()).isEqualTo(state);
            assertThat(words.reason()).contains(reason);
            assertThat(words.well()).isEqualTo(well);
        });
    }

    private static String state(Consumers consumers, Stage stage) {
        return consumers.running(stage.topic).words().state();
    }
}
