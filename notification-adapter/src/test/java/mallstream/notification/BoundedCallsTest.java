package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mallstream.notification.BoundedCalls.Missed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class BoundedCallsTest {
    private static final Duration SHORT = Duration.ofMillis(700);

    @Test
    void results_come_in_the_order_of_the_calls() {
        try (BoundedCalls calls = new BoundedCalls("t-", 8, 8, Duration.ofSeconds(20))) {
            List<Call> many = IntStream.range(0, 500)
                    .mapToObj(n -> call("key" + n % 7, () -> "" + n))
                    .toList();
            assertThat(calls.run(many))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 500).mapToObj(n -> "" + n).toList());
        }
    }

    @Test
    void neither_bound_is_passed_and_both_are_used() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger mostInAll = new AtomicInteger();
        AtomicInteger ofA = new AtomicInteger();
        AtomicInteger mostOfA = new AtomicInteger();
        CountDownLatch allPlaces = new CountDownLatch(6);
        try (BoundedCalls calls = new BoundedCalls("t-", 6, 2, Duration.ofSeconds(20))) {
            Stream<String> keys = Stream.concat(
                    IntStream.range(0, 20).mapToObj(n -> "a"),
                    IntStream.range(0, 20).mapToObj(n -> "b" + n));
            calls.run(keys.map(key -> call(key, () -> {
                        mostInAll.accumulateAndGet(now.incrementAndGet(), Math::max);
                        if (key.equals("a")) {
                            mostOfA.accumulateAndGet(ofA.incrementAndGet(), Math::max);
                        }
                        allPlaces.countDown();
                        await(allPlaces);
                        if (key.equals("a")) {
                            ofA.decrementAndGet();
                        }
                        now.decrementAndGet();
                        return "done";
                    }))
                    .toList());
        }
        assertThat(mostInAll).hasValue(6);
        assertThat(mostOfA).hasValue(2);
    }

    @Test
    void a_call_that_hangs_is_interrupted_at_its_deadline_and_those_that_wait_for_its_place_end_too() {
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        try (BoundedCalls calls = new BoundedCalls("t-", 4, 1, SHORT)) {
            long start = System.nanoTime();
            List<String> results = calls.run(IntStream.range(0, 6)
                    .mapToObj(n -> call("dead", () -> {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            interrupted.incrementAndGet();
                        }
                        return "late";
                    }))
                    .toList());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(SHORT.multipliedBy(2), SHORT.multipliedBy(3).plusSeconds(1));
            assertThat(results.getFirst()).isEqualTo("OUT_OF_TIME");
            assertThat(results.subList(3, 6)).containsOnly("NO_PLACE");
        }
        assertThat(interrupted.get()).isBetween(1, 3);
    }

    @Test
    void a_call_that_cannot_be_interrupted_keeps_its_place_but_holds_nobody_up() {
        CountDownLatch release = new CountDownLatch(1);
        try (BoundedCalls calls = new BoundedCalls("t-", 2, 1, SHORT)) {
            Call deaf = call("deaf", () -> {
                boolean waiting = true;
                while (waiting) {
                    try {
                        release.await();
                        waiting = false;
                    } catch (InterruptedException e) {
                        // As a name service that does not answer.
                    }
                }
                return "late";
            });
            assertThat(calls.run(List.of(deaf, call("b", () -> "b")))).containsExactly("OUT_OF_TIME", "b");
            assertThat(calls.run(List.of(deaf, call("b", () -> "b")))).containsExactly("NO_PLACE", "b");
            release.countDown();
            assertThat(calls.run(List.of(call("deaf", () -> "again")))).containsExactly("again");
        }
    }

    @Test
    void a_series_gives_what_has_ended_and_waits_for_nothing_else() {
        CountDownLatch never = new CountDownLatch(1);
        try (BoundedCalls calls = new BoundedCalls("t-", 3, 1, Duration.ofSeconds(20))) {
            BoundedCalls.Series<String> series = calls.series();
            assertThat(series.ended(Duration.ofSeconds(20))).isEmpty();
            series.start(call("dead", () -> {
                await(never);
                return "late";
            }));
            assertThat(series.start(call("dead", () -> "dead"))).isFalse();
            assertThat(series.start(call("b", () -> "b"))).isTrue();

            var results = new ArrayList<String>();
            while (results.size() < 2) {
                results.addAll(series.ended(Duration.ofSeconds(20)));
            }
            assertThat(results).containsExactlyInAnyOrder("NO_PLACE", "b");
            assertThat(series.ended(Duration.ZERO)).isEmpty();
            assertThat(series.open()).isEqualTo(1);
            assertThat(calls.room()).isEqualTo(2);
        }
    }

    @Test
    void a_call_of_a_series_that_hangs_is_cut_at_its_deadline_and_a_caller_may_wait_for_less() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (BoundedCalls calls = new BoundedCalls("t-", 1, 1, SHORT)) {
            BoundedCalls.Series<String> series = calls.series();
            long start = System.nanoTime();
            series.start(call("dead", () -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return "late";
            }));
            assertThat(series.ended(Duration.ofMillis(50))).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT);
            assertThat(series.ended(Duration.ofSeconds(20))).containsExactly("OUT_OF_TIME");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.plusSeconds(2));
            await(interrupted);
            assertThat(series.open()).isZero();
        }
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void an_interrupted_caller_of_a_series_gets_an_answer_for_every_call_and_stays_interrupted() {
        CountDownLatch never = new CountDownLatch(1);
        try (BoundedCalls calls = new BoundedCalls("t-", 2, 2, Duration.ofSeconds(20))) {
            BoundedCalls.Series<String> series = calls.series();
            series.start(call("a", () -> {
                await(never);
                return "late";
            }));
            Thread.currentThread().interrupt();
            assertThat(series.ended(Duration.ofSeconds(20))).containsExactly("STOPPED");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void two_callers_share_the_places() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean overlapped = new AtomicBoolean();
        try (BoundedCalls calls = new BoundedCalls("t-", 4, 1, Duration.ofSeconds(20))) {
            Thread first = Thread.ofVirtual()
                    .start(() -> calls.run(List.of(call("key", () -> {
                        inside.countDown();
                        await(release);
                        return "first";
                    }))));
            await(inside);
            Thread second = Thread.ofVirtual()
                    .start(() -> calls.run(List.of(call("key", () -> {
                        overlapped.set(release.getCount() > 0);
                        return "second";
                    }))));
            assertThat(second.join(Duration.ofMillis(200))).isFalse();
            release.countDown();
            first.join();
            second.join();
        }
        assertThat(overlapped).isFalse();
    }

    @Test
    void an_interrupted_caller_gets_an_answer_for_every_call_and_stays_interrupted() {
        CountDownLatch never = new CountDownLatch(1);
        try (BoundedCalls calls = new BoundedCalls("t-", 1, 1, Duration.ofSeconds(20))) {
            Thread caller = Thread.currentThread();
            List<String> results = calls.run(List.of(
                    call("a", () -> {
                        caller.interrupt();
                        await(never);
                        return "late";
                    }),
                    call("b", () -> "b")));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(results).containsExactly("STOPPED", "STOPPED");
        }
    }

    @Test
    void a_call_that_throws_breaks_no_other_and_the_log_says_what_it_threw_but_not_its_words() {
        Logger logger = (Logger) LoggerFactory.getLogger(BoundedCalls.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        try (BoundedCalls calls = new BoundedCalls("t-", 2, 2, Duration.ofSeconds(20))) {
            assertThat(calls.run(List.of(
                            call("a", () -> {
                                throw new IllegalStateException("010-1234-5678");
                            }),
                            call("b", () -> "b"))))
                    .containsExactly("BROKEN", "b");
        } finally {
            logger.detachAppender(lines);
            logger.setAdditive(true);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("A call failed with java.lang.IllegalStateException");
    }

    @Test
    void after_closing_nothing_is_started() {
        BoundedCalls calls = new BoundedCalls("t-", 2, 2, Duration.ofSeconds(20));
        calls.close();
        assertThat(calls.run(List.of(call("a", () -> "a")))).containsExactly("STOPPED");
    }

    private record Call(Object key, Supplier<String> work) implements BoundedCalls.Call<String> {
        @Override
        public String make() {
            return work.get();
        }

        @Override
        public String missed(Missed why) {
            return why.name();
        }
    }

    private static Call call(Object key, Supplier<String> work) {
        return new Call(key, work);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(25, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
