package mallstream.order.adapter.in.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mallstream.order.application.port.in.PullOrders;
import mallstream.order.application.port.in.PullOrders.Pulled;
import mallstream.order.model.MallId;
import mallstream.order.model.Unavailable;
import mallstream.order.testing.HandClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PullTimerTest {
    private static final MallId FAST = new MallId("fast");
    private static final MallId SLOW = new MallId("slow");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final HandClock clock = new HandClock(NOW);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Pulls pulls = new Pulls();
    private final PullTimer timer = new PullTimer(pulls, clock, meters);
    private final Logger log = (Logger) LoggerFactory.getLogger(PullTimer.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        log.detachAppender(logged);
        log.setLevel(null);
        timer.close();
    }

    @Test
    void a_slow_account_holds_no_other_and_has_no_second_thread() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        pulls.next(SLOW, () -> {
            await(slow);
            return new Pulled.CaughtUp(NOW.plusSeconds(60));
        });
        pulls.next(FAST, () -> new Pulled.CaughtUp(NOW.plusSeconds(10)));
        pulls.next(FAST, () -> new Pulled.CaughtUp(NOW.plusSeconds(70)));
        timer.tick();
        assertThat(List.of(pulls.began(), pulls.began())).containsExactlyInAnyOrder(FAST, SLOW);
        clock.until(NOW.plusSeconds(10));
        tickUntilBegan(FAST);
        timer.tick();
        assertThat(pulls.began).isEmpty();
        slow.countDown();
    }

    @Test
    void an_account_with_more_to_do_goes_on_at_once_and_rests_until_it_is_due() throws InterruptedException {
        for (int n = 0; n < 3; n++) {
            pulls.next(FAST, Pulled.MoreToDo::new);
        }
        pulls.next(FAST, () -> new Pulled.RestUntil(NOW.plusSeconds(5), "patience"));
        timer.tick();
        for (int n = 0; n < 5; n++) {
            pulls.began();
        }
        clock.until(NOW.plusMillis(4_999));
        timer.tick();
        timer.tick();
        assertThat(pulls.began).isEmpty();
        clock.until(NOW.plusSeconds(5));
        pulls.next(FAST, () -> new Pulled.CaughtUp(NOW.plusSeconds(65)));
        tickUntilBegan(FAST);
    }

    @Test
    void that_it_begins_and_ends_to_fail_is_said_once_each() throws InterruptedException {
        for (int n = 1; n < 4; n++) {
            Instant until = NOW.plusSeconds(n);
            pulls.next(FAST, () -> new Pulled.Failing(until, "no token", "trace-7"));
        }
        pulls.next(FAST, Pulled.MoreToDo::new);
        pulls.next(FAST, () -> new Pulled.CaughtUp(NOW.plusSeconds(4)));
        pulls.next(FAST, () -> new Pulled.CaughtUp(NOW.plusSeconds(3600)));
        timer.tick();
        // The first of both accounts, then what FAST does alone; the slow one has nothing to do for a year.
        pulls.began();
        pulls.began();
        for (int n = 1; n < 4; n++) {
            clock.until(NOW.plusSeconds(n));
            tickUntilBegan(FAST);
        }
        assertThat(pulls.began()).isEqualTo(FAST);
        clock.until(NOW.plusSeconds(4));
        tickUntilBegan(FAST);
        timer.close();
        assertThat(logged.list)
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        tuple(
                                Level.WARN,
                                "Orders of fast are not pulled: no token, trace trace-7. They come when that is over; none"
                                        + " is lost."),
                        tuple(Level.INFO, "Orders of fast are pulled again"));
    }

    @Test
    void a_defect_ends_no_account_and_its_message_is_not_logged() throws InterruptedException {
        pulls.next(FAST, () -> {
            throw new IllegalStateException("홍길동");
        });
        pulls.next(FAST, () -> {
            throw new Unavailable("database", new IllegalStateException("홍길동"));
        });
        pulls.next(FAST, () -> new Pulled.CaughtUp(NOW.plus(Duration.ofDays(365))));
        timer.tick();
        pulls.began();
        pulls.began();
        beginsAfter(Duration.ofSeconds(60));
        beginsAfter(Duration.ofSeconds(5));
        timer.close();
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Orders of fast are not pulled: java.lang.IllegalStateException. They come when that is over; none"
                                + " is lost.",
                        "Orders of fast are not pulled: database is unavailable. They come when that is over; none is"
                                + " lost.",
                        "Orders of fast are pulled again");
        assertThat(logged.list).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
    }

    @Test
    void how_far_behind_each_account_is_can_be_measured() {
        Gauge fast = meters.get("mallstream.order.pull.watermark.age")
                .tag("account", "fast")
                .gauge();
        assertThat(fast.value()).isEqualTo(90.5);
        assertThat(meters.get("mallstream.order.pull.watermark.age")
                        .tag("account", "slow")
                        .gauge()
                        .value())
                .isNaN();
        assertThat(fast.getId().getBaseUnit()).isEqualTo("seconds");
        assertThat(fast.getId().getType()).isEqualTo(Meter.Type.GAUGE);
        assertThat(meters.find("mallstream.order.pull.watermark.age").gauges()).hasSize(2);
    }

    @Test
    void nothing_begins_once_it_is_closed() {
        timer.close();
        timer.tick();
        assertThat(pulls.began).isEmpty();
    }

    /** The thread that did the last piece may still be on its way out, and until then the account is not begun again. */
    private void tickUntilBegan(MallId mallId) throws InterruptedException {
        MallId began = null;
        for (int n = 0; n < 3_000 && began == null; n++) {
            timer.tick();
            began = pulls.began.poll(10, TimeUnit.MILLISECONDS);
        }
        assertThat(began).isEqualTo(mallId);
    }

    /** How long it rests it measures itself, by a clock that may have moved before it looked. */
    private void beginsAfter(Duration step) throws InterruptedException {
        MallId began = null;
        for (int n = 0; n < 3_000 && began == null; n++) {
            clock.until(clock.instant().plus(step));
            timer.tick();
            began = pulls.began.poll(10, TimeUnit.MILLISECONDS);
        }
        assertThat(began).isEqualTo(FAST);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Does what it is told; an account that is told nothing is caught up for a year. */
    private static final class Pulls implements PullOrders {
        private final BlockingQueue<MallId> began = new LinkedBlockingQueue<>();
        private final Map<MallId, BlockingQueue<Supplier<Pulled>>> next = new ConcurrentHashMap<>();

        void next(MallId mallId, Supplier<Pulled> pulled) {
            next.computeIfAbsent(mallId, any -> new LinkedBlockingQueue<>()).add(pulled);
        }

        MallId began() throws InterruptedException {
            MallId mallId = began.poll(30, TimeUnit.SECONDS);
            assertThat(mallId).isNotNull();
            return mallId;
        }

        @Override
        public List<MallId> accounts() {
            return List.of(FAST, SLOW);
        }

        @Override
        public Pulled pull(MallId mallId) {
            BlockingQueue<Supplier<Pulled>> queue = next.get(mallId);
            Supplier<Pulled> supplier = queue == null ? null : queue.poll();
            began.add(mallId);
            return supplier == null ? new Pulled.CaughtUp(NOW.plus(Duration.ofDays(365))) : supplier.get();
        }

        @Override
        public Duration behind(MallId mallId) {
            if (mallId.equals(SLOW)) {
                throw new Unavailable("database", new IllegalStateException());
            }
            return Duration.ofMillis(90_500);
        }
    }
}
