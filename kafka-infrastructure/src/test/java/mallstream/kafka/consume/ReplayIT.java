package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mallstream.kafka.TestKafka;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.ConsumerControl.Conflict;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.ConsumerControl.ReplayRequest;
import mallstream.kafka.consume.ConsumerControl.ReplayStarted;
import mallstream.kafka.consume.ConsumerControl.ReplayView;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class ReplayIT {
    private static final ReplayRequest TOO_OLD_AT_TEN = new ReplayRequest(null, "too-old", 10);

    private final MovedClock clock = new MovedClock();
    private ConsumerGroupId group = new ConsumerGroupId("");

    @BeforeEach
    void create(TestInfo test) {
        String name =
                test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        group = new ConsumerGroupId("mallstream.test." + name);
        TestKafka.create(name, 3);
        // Topics that were created a moment ago are not known to the whole broker at once.
        await("topics").atMost(Duration.ofSeconds(10)).ignoreExceptions().until(() -> {
            Operated.createTopics(Map.of(group.value(), name));
            TestKafka.BROKER.partitions(Topics.replay(group.value()));
            return true;
        });
    }

    private Dead dead() {
        return new Dead(group.value());
    }

    private void dead(int from, int to, String reason, Header... headers) {
        for (int i = from; i < to; i++) {
            dead().letter(Dead.record("source", i % 5, i, "key-" + i, ("value-" + i).getBytes(UTF_8), headers), reason);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> replayed() {
        return TestKafka.read(Topics.replay(group.value()));
    }

    private List<String> values() {
        return TestKafka.values(Topics.replay(group.value()));
    }

    private long count() {
        return ends(Topics.replay(group.value()));
    }

    private static long ends(String topic) {
        return TopicScan.ends(TestKafka.BROKER, topic).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static List<String> expected(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "value-" + i).toList();
    }

    private String id(String value) {
        return TestKafka.read(Topics.deadLetters(group.value())).stream()
                .filter(each -> new String(each.value(), UTF_8).equals(value))
                .map(each -> each.partition() + "-" + each.offset())
                .findFirst()
                .orElseThrow();
    }

    /** Writes itself in and opens what it needs; nothing may be sent in no time. */
    private void begin(Operated instance) {
        instance.runner.turn();
        instance.runner.turn();
    }

    /** Turns while the clock stands, as long as something is sent and twice more. */
    private void sendsUpTo(int records, Operated instance) {
        await(records + " are sent").atMost(Duration.ofSeconds(20)).until(() -> {
            instance.runner.turn();
            return count() >= records;
        });
        instance.runner.turn();
        instance.runner.turn();
        assertThat(count()).isEqualTo(records);
    }

    /** Waits until one instance has read what another has saved. */
    private long saved(Operated by, Operated readBy) {
        ReplayView saved = by.replays.view(group);
        await("it is read")
                .atMost(Duration.ofSeconds(5))
                .until(() -> Objects.equals(readBy.replays.view(group), saved));
        return Objects.requireNonNull(saved).sent();
    }

    private void untilDone(Operated instance) {
        await("the replay is done").atMost(Duration.ofSeconds(30)).until(() -> {
            clock.move(Duration.ofSeconds(1));
            instance.runner.turn();
            return instance.replays.view(group) == null;
        });
    }

    @Test
    void those_of_a_reason_reach_the_replay_topic_of_their_group_and_nothing_else() {
        dead(0, 25, "too-old");
        dead(25, 30, "attempts-used-up");
        Map<String, Long> before = sizes();
        try (Operated one = Operated.start(clock)) {
            ReplayStarted started = one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            assertThat(started.count()).isEqualTo(25);
            assertThat(started.leftOut()).isEmpty();
            assertThat(one.replays.view(group)).isEqualTo(new ReplayView(started.id(), 25, 0, "ops"));
            // They come after the start, and so do not belong to it.
            dead(30, 33, "too-old");
            begin(one);
            untilDone(one);
        }
        assertThat(values()).containsExactlyInAnyOrderElementsOf(expected(0, 25));
        Map<String, Long> after = sizes();
        after.keySet().removeIf(Predicate.not(before::containsKey));
        before.put(Topics.deadLetters(group.value()), 33L);
        before.put(Topics.replay(group.value()), 25L);
        assertThat(after).isEqualTo(before);
    }

    /** Records by topic, the control topic apart. */
    private static Map<String, Long> sizes() {
        Map<String, Long> sizes = new TreeMap<>();
        Set<String> names = TestKafka.BROKER.ask(admin -> admin.listTopics().names());
        names.stream().filter(each -> !each.equals(Topics.CONTROL)).forEach(each -> sizes.put(each, ends(each)));
        return sizes;
    }

    @Test
    void a_replay_is_its_record_again_where_it_came_from_and_counts_itself() {
        dead().letter(
                        Dead.record(
                                "source",
                                4,
                                17,
                                "key",
                                "value".getBytes(UTF_8),
                                new RecordHeader("ce_id", "7".getBytes(UTF_8))),
                        "too-old");
        try (Operated one = Operated.start(clock)) {
            one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            begin(one);
            untilDone(one);
        }
        ConsumerRecord<byte[], byte[]> replay = replayed().getFirst();
        // Of three partitions; its own was the fifth.
        assertThat(replay.partition()).isEqualTo(1);
        assertThat(replay.key()).isEqualTo("key".getBytes(UTF_8));
        assertThat(replay.value()).isEqualTo("value".getBytes(UTF_8));
        assertThat(Origin.of(replay, group)).isEqualTo(new Origin("source", 4, 17, Dead.WRITTEN, "CreateTime"));
        assertThat(Stream.of(replay.headers().toArray()).map(Header::key))
                .containsExactlyInAnyOrder(
                        "ce_id",
                        "mallstream-replays",
                        "kafka_dlt-original-topic",
                        "kafka_dlt-original-partition",
                        "kafka_dlt-original-offset",
                        "kafka_dlt-original-timestamp",
                        "kafka_dlt-original-timestamp-type");
        assertThat(DeadLetterHeaders.count(replay.headers(), DeadLetterHeaders.REPLAYS))
                .isEqualTo(1);
    }

    @Test
    void no_more_are_sent_than_the_rate_allows() {
        dead(0, 40, "too-old");
        try (Operated one = Operated.start(clock)) {
            one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            begin(one);
            sendsUpTo(0, one);
            clock.move(Duration.ofSeconds(1));
            sendsUpTo(10, one);
            clock.move(Duration.ofMillis(500));
            sendsUpTo(15, one);
            // What was not used is not saved up.
            clock.move(Duration.ofSeconds(30));
            sendsUpTo(25, one);
            untilDone(one);
            assertThat(values()).containsExactlyInAnyOrderElementsOf(expected(0, 40));
        }
    }

    @Test
    void those_that_are_named_are_replayed_and_no_others() {
        dead(0, 30, "too-old");
        List<String> ids = List.of(id("value-3"), id("value-29"), id("value-14"), id("value-3"));
        try (Operated one = Operated.start(clock)) {
            ReplayStarted started = one.replays.start(group, new ReplayRequest(ids, null, null), "ops");
            assertThat(started.count()).isEqualTo(3);
            begin(one);
            untilDone(one);
        }
        assertThat(values()).containsExactlyInAnyOrder("value-3", "value-14", "value-29");
    }

    @Test
    void what_was_replayed_too_often_is_left_out_and_listed() {
        // As the group would bury them when it has read them from its replay topic.
        for (int i = 0; i < 5; i++) {
            ConsumerRecord<byte[], byte[]> replay =
                    Dead.record(Topics.replay(group.value()), 0, i, "key-" + i, ("value-" + i).getBytes(UTF_8));
            replay.headers().add(DeadLetterHeaders.REPLAYS, Integer.toString(i).getBytes(UTF_8));
            dead().letter(replay, "too-old");
        }
        try (Operated one = Operated.start(clock)) {
            ReplayStarted named = one.replays.start(
                    group, new ReplayRequest(List.of(id("value-2"), id("value-3")), null, null), "ops");
            assertThat(named.count()).isEqualTo(1);
            assertThat(named.leftOut()).containsExactly(id("value-3"));
            begin(one);
            untilDone(one);
            assertThat(values()).containsExactly("value-2");

            ReplayStarted all = one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            assertThat(all.count()).isEqualTo(3);
            assertThat(all.leftOut()).containsExactlyInAnyOrder(id("value-3"), id("value-4"));
            begin(one);
            untilDone(one);
            assertThat(values()).containsExactlyInAnyOrder("value-2", "value-2", "value-0", "value-1");

            ReplayStarted none = one.replays.start(group, new ReplayRequest(List.of(id("value-4")), null, null), "ops");
            assertThat(none.count()).isZero();
            assertThat(one.replays.view(group)).isNull();
        }
    }

    @Test
    void another_instance_goes_on_at_once_where_a_runner_was_closed_and_nothing_is_missing_or_sent_twice() {
        dead(0, 40, "too-old");
        try (Operated one = Operated.start(clock);
                Operated other = Operated.start(clock)) {
            one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            begin(one);
            clock.move(Duration.ofSeconds(1));
            sendsUpTo(10, one);
            clock.move(Duration.ofMillis(500));
            sendsUpTo(15, one);
            one.runner.release();
            assertThat(saved(one, other)).isEqualTo(15);
            begin(other);
            untilDone(other);
        }
        assertThat(values()).containsExactlyInAnyOrderElementsOf(expected(0, 40));
    }

    @Test
    void another_instance_goes_on_after_a_silence_where_a_runner_has_died_and_nothing_is_missing() {
        dead(0, 40, "too-old");
        MovedClock others = new MovedClock();
        long saved;
        try (Operated other = Operated.start(others)) {
            try (Operated one = Operated.start(clock)) {
                one.replays.start(group, TOO_OLD_AT_TEN, "ops");
                begin(one);
                clock.move(Duration.ofSeconds(1));
                sendsUpTo(10, one);
                clock.move(Duration.ofMillis(500));
                sendsUpTo(15, one);
                saved = saved(one, other);
            }
            assertThat(saved).isBetween(1L, 10L);
            others.move(ReplayRunner.SILENCE.minusMillis(1));
            begin(other);
            others.move(Duration.ofMillis(1));
            begin(other);
            sendsUpTo(15, other);
            others.move(Duration.ofSeconds(1));
            sendsUpTo(25, other);
            await("the replay is done").atMost(Duration.ofSeconds(30)).until(() -> {
                others.move(Duration.ofSeconds(1));
                other.runner.turn();
                return other.replays.view(group) == null;
            });
        }
        assertThat(Set.copyOf(values())).containsExactlyInAnyOrderElementsOf(expected(0, 40));
        assertThat(values()).hasSize((int) (40 + 15 - saved));
    }

    @Test
    void one_of_many_instances_runs_a_replay() {
        dead(0, 30, "too-old");
        try (Operated one = Operated.start(clock);
                Operated other = Operated.start(clock);
                Operated third = Operated.start(clock)) {
            one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            List<Operated> all = List.of(one, other, third);
            await("the replay is done").atMost(Duration.ofSeconds(30)).until(() -> {
                // They take it up in turns, each as it has read it.
                all.forEach(each -> each.runner.turn());
                clock.move(Duration.ofSeconds(1));
                return one.replays.view(group) == null;
            });
        }
        assertThat(values()).containsExactlyInAnyOrderElementsOf(expected(0, 30));
    }

    @Test
    void a_runner_that_was_taken_for_dead_leaves_the_replay_to_the_one_that_took_over() {
        dead(0, 40, "too-old");
        MovedClock others = new MovedClock();
        try (Operated one = Operated.start(clock);
                Operated other = Operated.start(others)) {
            one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            begin(one);
            clock.move(Duration.ofSeconds(1));
            sendsUpTo(10, one);
            saved(one, other);
            others.move(ReplayRunner.SILENCE);
            begin(other);
            one.controls.pause("read-behind-it", "ops");
            clock.move(Duration.ofSeconds(1));
            sendsUpTo(10, one);
            await("the replay is done").atMost(Duration.ofSeconds(30)).until(() -> {
                others.move(Duration.ofSeconds(1));
                other.runner.turn();
                return other.replays.view(group) == null;
            });
        }
        assertThat(Set.copyOf(values())).containsExactlyInAnyOrderElementsOf(expected(0, 40));
    }

    @Test
    void a_second_replay_of_a_group_is_refused_in_every_instance_while_one_is_under_way() {
        dead(0, 5, "too-old");
        try (Operated one = Operated.start(clock);
                Operated other = Operated.start(clock)) {
            ReplayStarted first = one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            await("the other knows").atMost(Duration.ofSeconds(5)).until(() -> other.replays.view(group) != null);
            for (Operated each : List.of(one, other)) {
                assertThatThrownBy(() -> each.replays.start(group, TOO_OLD_AT_TEN, "eve"))
                        .isInstanceOf(Conflict.class)
                        .hasMessage("replay " + first.id()
                                + " by ops is under way, 0 of 5 are sent; try again when it has ended");
            }
            begin(one);
            untilDone(one);
            assertThat(one.replays.start(group, TOO_OLD_AT_TEN, "eve").count()).isEqualTo(5);
        }
    }

    @Test
    void a_tombstone_ends_a_replay() {
        dead(0, 40, "too-old");
        try (Operated one = Operated.start(clock)) {
            one.replays.start(group, TOO_OLD_AT_TEN, "ops");
            begin(one);
            clock.move(Duration.ofSeconds(1));
            sendsUpTo(10, one);
            TestKafka.BROKER.sendAndWait(
                    new ProducerRecord<>(Topics.CONTROL, (ReplayState.PREFIX + group).getBytes(UTF_8), null));
            await("it is read").atMost(Duration.ofSeconds(5)).until(() -> one.replays.view(group) == null);
            clock.move(Duration.ofSeconds(1));
            sendsUpTo(10, one);
            assertThat(one.replays.view(group)).isNull();
        }
    }

    @Test
    void the_thread_works_by_itself_and_hands_over_when_it_is_closed() {
        dead(0, 300, "too-old");
        try (Operated one = Operated.start(Clock.systemUTC());
                Operated other = Operated.start(Clock.systemUTC())) {
            ReplayThread first = new ReplayThread(one.runner);
            first.start();
            one.replays.start(group, new ReplayRequest(null, "too-old", 50), "ops");
            await("some are sent").atMost(Duration.ofSeconds(30)).until(() -> count() >= 20);
            first.close();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("replay");
            try (ReplayThread second = new ReplayThread(other.runner)) {
                second.start();
                await("all are sent")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> other.replays.view(group) == null && count() >= 300);
            }
        }
        assertThat(values()).containsExactlyInAnyOrderElementsOf(expected(0, 300));
    }

    @Test
    void a_malformed_request_is_refused_and_its_field_named() {
        dead(0, 1, "too-old");
        String known = id("value-0");
        String unknown = "0-12345";
        try (Operated one = Operated.start(clock)) {
            refused(one, new ReplayRequest(null, null, null), "ids");
            refused(one, new ReplayRequest(List.of(known), "too-old", null), "ids");
            refused(one, new ReplayRequest(List.of(), null, null), "ids");
            refused(one, new ReplayRequest(Collections.nCopies(1001, known), null, null), "ids");
            refused(one, new ReplayRequest(List.of("nonsense"), null, null), "ids");
            refused(one, new ReplayRequest(Collections.singletonList(null), null, null), "ids");
            refused(one, new ReplayRequest(List.of(known, unknown), null, null), "ids");
            refused(one, new ReplayRequest(null, "too-old", 0), "perSecond");
            refused(one, new ReplayRequest(null, "too-old", 10_001), "perSecond");
        }
    }

    private void refused(Operated instance, ReplayRequest request, String field) {
        assertThatThrownBy(() -> instance.replays.start(group, request, "ops"))
                .isInstanceOfSatisfying(
                        InvalidRequest.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
