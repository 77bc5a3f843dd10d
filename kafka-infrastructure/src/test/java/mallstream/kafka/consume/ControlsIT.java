package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import mallstream.kafka.TestKafka;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.ConsumerControl.Limits;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class ControlsIT {
    /** What is promised to operators. */
    private static final Duration PROMISE = Duration.ofSeconds(5);

    private final MovedClock clock = new MovedClock();
    private String name = "";

    @BeforeEach
    void name(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        Operated.createTopics(Map.of());
    }

    private static void write(String key, @Nullable String value) {
        TestKafka.BROKER.sendAndWait(new ProducerRecord<>(
                Topics.CONTROL, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)));
    }

    @Test
    void what_one_instance_changes_every_other_follows_and_one_that_starts_later_too() {
        Control paused = new Control(new Control.Pause("ops", clock.instant()), null, null);
        Control all = new Control(new Control.Pause("ops", clock.instant()), 7, 90);
        try (Operated one = Operated.start(clock);
                Operated other = Operated.start(Clock.systemUTC())) {
            assertThat(one.controls.current(name)).isEqualTo(Control.AS_CONFIGURED);
            one.controls.pause(name, "ops");
            assertThat(one.controls.current(name)).isEqualTo(paused);
            await("the other follows")
                    .atMost(PROMISE)
                    .until(() -> other.controls.current(name).equals(paused));
            other.controls.limits(name, new Limits(7, 90), "eve");
            await("the one follows")
                    .atMost(PROMISE)
                    .until(() -> one.controls.current(name).equals(all));
        }
        try (Operated later = Operated.start(clock)) {
            assertThat(later.controls.current(name)).isEqualTo(all);
            later.controls.resume(name, "ops");
            assertThat(later.controls.current(name)).isEqualTo(new Control(null, 7, 90));
            later.controls.limits(name, new Limits(null, null), "ops");
            assertThat(later.controls.current(name)).isEqualTo(Control.AS_CONFIGURED);
        }
    }

    @Test
    void a_second_pause_keeps_who_paused_first() {
        try (Operated one = Operated.start(clock)) {
            Instant first = clock.instant();
            one.controls.pause(name, "ops");
            clock.move(Duration.ofMinutes(1));
            one.controls.pause(name, "eve");
            assertThat(one.controls.current(name).paused()).isEqualTo(new Control.Pause("ops", first));
        }
    }

    @Test
    void listeners_are_told_at_once_and_of_each_change_once() {
        List<Control> told = new CopyOnWriteArrayList<>();
        Control paused = new Control(new Control.Pause("ops", clock.instant()), null, null);
        try (Operated one = Operated.start(clock);
                Operated other = Operated.start(clock)) {
            one.controls.onChange(name, each -> {
                if (each.paused() != null) {
                    throw new IllegalStateException("of no concern to the next");
                }
            });
            other.controls.onChange(name, told::add);
            one.controls.onChange(name, told::add);
            assertThat(told).containsExactly(Control.AS_CONFIGURED, Control.AS_CONFIGURED);
            told.clear();
            one.controls.pause(name, "ops");
            one.controls.pause(name, "ops");
            one.controls.resume(name, "ops");
            await("both are told").atMost(PROMISE).until(() -> told.size() == 4);
            assertThat(told).containsExactlyInAnyOrder(paused, paused, Control.AS_CONFIGURED, Control.AS_CONFIGURED);
        }
    }

    @Test
    void of_two_changes_at_once_none_is_lost_and_all_agree() throws InterruptedException {
        int rounds = 20;
        try (Operated one = Operated.start(clock);
                Operated other = Operated.start(clock)) {
            CyclicBarrier together = new CyclicBarrier(2);
            Thread pausing = new Thread(() -> {
                for (int i = 0; i < rounds; i++) {
                    meet(together);
                    one.controls.pause(name + i, "ops");
                }
            });
            Thread limiting = new Thread(() -> {
                for (int i = 0; i < rounds; i++) {
                    meet(together);
                    other.controls.limits(name + i, new Limits(5, null), "eve");
                }
            });
            pausing.start();
            limiting.start();
            pausing.join();
            limiting.join();
            for (int i = 0; i < rounds; i++) {
                String each = name + i;
                await("the same in both").atMost(PROMISE).untilAsserted(() -> {
                    assertThat(one.controls.current(each).paused()).isNotNull();
                    assertThat(one.controls.current(each).maxInFlight()).isEqualTo(5);
                    assertThat(other.controls.current(each)).isEqualTo(one.controls.current(each));
                });
            }
        }
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void malformed_records_are_passed_over_and_a_tombstone_goes_back_to_what_is_configured() {
        try (Operated one = Operated.start(clock)) {
            one.controls.pause(name, "ops");
            Control paused = one.controls.current(name);
            write("control/" + name, "no JSON");
            write("control/" + name, "null");
            write("control/" + name, "{\"paused\":\"yes\"}");
            write("control/" + name, "{\"paused\":{\"by\":\"ops\"}}");
            write("control/" + name, "{\"perSecond\":0}");
            write("no-prefix", "{}");
            // It is read behind them.
            one.controls.pause(name + "-behind", "ops");
            assertThat(one.controls.current(name)).isEqualTo(paused);
            write("control/" + name, "{\"perSecond\":5,\"added-by-a-later-version\":true}");
            await("the hand-made one")
                    .atMost(PROMISE)
                    .until(() -> one.controls.current(name).equals(new Control(null, null, 5)));
            write("control/" + name, null);
            await("the tombstone")
                    .atMost(PROMISE)
                    .until(() -> one.controls.current(name).equals(Control.AS_CONFIGURED));
        }
    }

    @Test
    void a_limit_out_of_its_range_is_refused_and_named() {
        try (Operated one = Operated.start(clock)) {
            assertThatThrownBy(() -> one.controls.limits(name, new Limits(1001, null), "ops"))
                    .isInstanceOfSatisfying(
                            InvalidRequest.class, e -> assertThat(e.field()).isEqualTo("maxInFlight"))
                    .hasMessage("maxInFlight: is 1001, must be 1 to 1000");
            assertThatThrownBy(() -> one.controls.limits(name, new Limits(null, 0), "ops"))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("perSecond: is 0, must be 1 to 1000000");
        }
    }

    @Test
    void a_follower_that_starts_before_the_topic_follows_it_once_it_is_there() {
        TestKafka.BROKER.ask(
                admin -> admin.deleteTopics(List.of(Topics.CONTROL)).all());
        await("the topic is gone")
                .atMost(Duration.ofSeconds(10))
                .until(() -> !TestKafka.BROKER
                        .ask(admin -> admin.listTopics().names())
                        .contains(Topics.CONTROL));
        try (Operated early = new Operated(TestKafka.bootstrap(), clock)) {
            assertThatThrownBy(() -> early.controls.pause(name, "ops")).isInstanceOf(TimeoutException.class);
            assertThat(early.follower.caughtUp()).isFalse();
            Operated.createTopics(Map.of());
            await("it follows").atMost(Duration.ofSeconds(10)).until(early.follower::caughtUp);
            early.controls.pause(name, "ops");
            assertThat(early.controls.current(name).paused()).isNotNull();
        }
    }

    @Test
    void without_a_broker_a_change_is_refused_and_the_follower_ends_when_it_is_told() {
        try (Operated lonely = new Operated(TestKafka.NOWHERE, clock)) {
            assertThatThrownBy(() -> lonely.controls.pause(name, "ops")).isInstanceOf(TimeoutException.class);
            lonely.follower.close();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("control-follower");
        }
    }
}
