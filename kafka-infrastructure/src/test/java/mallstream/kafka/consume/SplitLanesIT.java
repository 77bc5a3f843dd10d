package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The lane of a hot key is split and joined while its backlog does not end. */
@SuppressWarnings("try") // An instance runs as long as its block.
class SplitLanesIT {
    private static final int ORDERS = 10;
    private static final int RECORDS = 3_000;
    /** Who is handled when somebody joins the lanes again. */
    private static final int JOINED = 1_000;

    private final AtomicBoolean split = new AtomicBoolean();
    /** By number whether the record was received while the key was split. */
    private final Map<Integer, Boolean> splits = new ConcurrentHashMap<>();

    private final List<Moment> moments = new ArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);
    /** Who has to be in calls at once until anybody of a split key may end. */
    private final Set<Integer> sideBySide = ConcurrentHashMap.newKeySet();

    private final CountDownLatch all = new CountDownLatch(1);
    private final AtomicInteger receivedWhenWide = new AtomicInteger();

    private record Moment(int number, boolean begins) {}

    private static int order(int number) {
        return number % ORDERS;
    }

    private Subscription<String> subscription(
            Stage stage, Book book, Function<Decoder.Received, @Nullable String> finer) {
        Subscription<String> byKey = stage.subscription(book);
        return new Subscription<>(
                byKey.domain(),
                byKey.name(),
                byKey.topic(),
                byKey.startsAt(),
                byKey.batch(),
                byKey.decoder(),
                byKey.handler(),
                byKey.owner(),
                false,
                finer,
                new HotKeys("mall", key -> !key.equals("secret"), key -> "split " + key));
    }

    private @Nullable String finer(Decoder.Received received) {
        boolean now = split.get();
        splits.put((int) received.offset(), now);
        return now ? "order-" + order((int) received.offset()) : null;
    }

    private boolean split(int number) {
        return Boolean.TRUE.equals(splits.get(number));
    }

    private Result handle(String event) {
        int number = Book.number(event);
        note(number, true);
        Book.stubbornly(go);
        if (split(number)) {
            sideBySide.add(order(number));
            if (sideBySide.size() == ORDERS && receivedWhenWide.compareAndSet(0, splits.size())) {
                all.countDown();
            }
            Book.stubbornly(all);
        }
        if (number == JOINED) {
            split.set(false);
        }
        note(number, false);
        return new Result.Done();
    }

    private synchronized void note(int number, boolean begins) {
        moments.add(new Moment(number, begins));
    }

    @Test
    void a_hot_key_is_split_in_the_middle_of_a_backlog_and_joined_again_and_nothing_overtakes(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(RECORDS, 1, i -> "mall");
        Book book = new Book(this::handle);
        try (Consumers running = stage.start(
                Consumers.Like.USUAL,
                subscription(stage, book, this::finer),
                "batch.max-size=1",
                "max-in-flight=20",
                "max-held=200")) {
            await("some held").atMost(Stage.PATIENCE).until(() -> running.gauge("held") >= 100);
            split.set(true);
            go.countDown();
            stage.awaitCommitted();
        }
        // What was held when it was split went through one lane, and no more than a bound of what came behind was
        // there.
        assertThat(receivedWhenWide.get()).isBetween(1, 200 + 200);
        assertThat(split(RECORDS - 1)).as("the last one came after the join").isFalse();
        assertThat(book.done).hasSize(RECORDS).doesNotHaveDuplicates();
        assertThat(overtakings()).isEmpty();
    }

    /** Records that began before one that had to be handled first. */
    private synchronized List<String> overtakings() {
        int[] phases = new int[RECORDS];
        for (int i = 1; i < RECORDS; i++) {
            phases[i] = phases[i - 1] + (split(i) == split(i - 1) ? 0 : 1);
        }
        assertThat(phases[RECORDS - 1]).as("one lane, many, one lane").isEqualTo(2);
        List<String> found = new ArrayList<>();
        BitSet done = new BitSet();
        for (Moment each : moments) {
            int number = each.number;
            if (!each.begins) {
                done.set(number);
                continue;
            }
            for (int before = done.nextClearBit(0); before < number; before = done.nextClearBit(before + 1)) {
                boolean first = phases[before] < phases[number] || !split(number) || order(before) == order(number);
                if (first) {
                    found.add(number + " began before " + before + " was done");
                }
            }
        }
        return found;
    }

    @Test
    void where_the_subscription_fails_to_say_the_lane_it_is_that_of_the_key(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(100, 1, i -> "mall");
        Book book = new Book();
        try (Consumers running = stage.start(
                Consumers.Like.USUAL,
                subscription(stage, book, received -> {
                    if (received.offset() % 3 == 0) {
                        throw new StackOverflowError();
                    }
                    throw new IllegalStateException("no order in it");
                }),
                "batch.max-size=1",
                "max-in-flight=20")) {
            stage.awaitCommitted();
        }
        assertThat(book.doneOf("mall")).hasSize(100).isSorted();
        assertThat(book.overlaps).isEmpty();
    }

    @Test
    void ordering_by_key_switches_it_off(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(100, 1, i -> "mall");
        Book book = new Book();
        Set<Long> asked = new HashSet<>();
        try (Consumers running = stage.start(
                Consumers.Like.USUAL,
                subscription(stage, book, received -> {
                    asked.add(received.offset());
                    return "order-" + received.offset();
                }),
                "ordering=key",
                "batch.max-size=1",
                "max-in-flight=20")) {
            stage.awaitCommitted();
        }
        assertThat(asked).isEmpty();
        assertThat(book.doneOf("mall")).hasSize(100).isSorted();
        assertThat(book.overlaps).isEmpty();
    }

    @Test
    void a_hot_key_is_named_with_what_can_be_done_and_one_that_must_not_be_shown_is_not(TestInfo test) {
        Stage stage = Stage.named(test).partitions(1);
        stage.send(1_000, 1, i -> i % 10 < 6 ? "hot" : i % 10 < 9 ? "secret" : "key-" + i);
        CountDownLatch full = new CountDownLatch(1);
        Book book = new Book(event -> {
            if (Book.key(event).equals("hot")) {
                Book.stubbornly(full);
            }
            return new Result.Done();
        });
        try (Consumers running = stage.start(
                Consumers.Like.USUAL,
                subscription(stage, book, received -> null),
                "batch.max-size=1",
                "max-in-flight=20")) {
            await("the hot one has waited for a second")
                    .atMost(Stage.PATIENCE)
                    .until(() -> hot(running, stage).stream().anyMatch(each -> each.waitLongest() > 1));
            ConsumerControl.HotKey before = hot(running, stage).getFirst();
            assertThat(before.key()).isEqualTo("hot");
            assertThat(before.held()).isEqualTo(600);
            full.countDown();
            await("it is seen that they waited")
                    .atMost(Stage.PATIENCE)
                    .until(() -> hot(running, stage).getFirst().suggestion() != null);
            List<ConsumerControl.HotKey> hot = hot(running, stage);
            assertThat(hot).extracting(ConsumerControl.HotKey::key).containsExactly("hot");
            assertThat(hot.getFirst().share()).isBetween(0.55, 0.65);
            assertThat(hot.getFirst().perSecond()).isPositive();
            assertThat(hot.getFirst().waitMean()).isBetween(0.5, 60.0);
            assertThat(hot.getFirst().suggestion())
                    .startsWith("this mall has 60 % of the records")
                    .endsWith("; split hot");
            await("the gauges follow").atMost(Stage.PATIENCE).untilAsserted(() -> {
                for (String each : List.of("share", "per.second", "wait.seconds")) {
                    assertThat(running.registry
                                    .find("mallstream.consume.hot." + each)
                                    .gauges())
                            .as(each)
                            .singleElement()
                            .satisfies(gauge -> {
                                assertThat(gauge.getId().getTag("key")).isEqualTo("hot");
                                assertThat(gauge.getId().getTag("subscription")).isEqualTo(stage.topic);
                                assertThat(gauge.value()).isPositive();
                            });
                }
            });
            stage.awaitCommitted();
            running.starter.stop();
            await("a stopped one shows no key")
                    .atMost(Stage.PATIENCE)
                    .until(() -> running.registry
                            .find("mallstream.consume.hot.share")
                            .gauges()
                            .isEmpty());
        }
    }

    private static List<ConsumerControl.HotKey> hot(Consumers running, Stage stage) {
        return running.control.consumer(stage.topic).hot();
    }
}
