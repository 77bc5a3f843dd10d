package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.TestKafka;
import mallstream.kafka.TopicSettings;
import mallstream.kafka.consume.Consumers.Recorder;
import mallstream.kafka.consume.StartPositions.LostOffsets;
import mallstream.kafka.consume.StartPositions.Settled;
import mallstream.kafka.consume.Subscription.StartPosition;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.json.JsonMapper;

@SuppressWarnings("try") // An instance runs as long as its block.
class StartPositionsIT {
    private String topic = "";
    private final Recorder handler = new Recorder(event -> new Result.Done());

    @BeforeAll
    static void createControl() {
        new OwnTopics(TestKafka.BROKER, new TopicSettings(1, null, null, Duration.ofDays(1), Duration.ofDays(1)))
                .createFor(Map.of());
    }

    @BeforeEach
    void create(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
        TestKafka.create(topic, 2);
    }

    private void send(int from, int to) {
        for (int i = from; i < to; i++) {
            TestKafka.send(topic, i % 2, "key-" + i, "event-" + i);
        }
    }

    private Consumers start(StartPosition startsAt, Recorder handler) {
        return Consumers.start(Consumers.subscription(topic, startsAt, handler));
    }

    private void awaitCommitted(long first, long second) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(TestKafka.committed(Consumers.group(topic))).isEqualTo(Map.of(0, first, 1, second)));
    }

    private String shadow() {
        return Consumers.group(topic) + ".frontier";
    }

    /** The group and its shadow, as when both expire. */
    private void forget() {
        TestKafka.BROKER.ask(admin -> admin.deleteConsumerGroups(Set.of(Consumers.group(topic), shadow()))
                .all());
    }

    private void set(String group, long first, long second) {
        TestKafka.BROKER.ask(admin -> admin.alterConsumerGroupOffsets(
                        group,
                        Map.of(
                                new TopicPartition(topic, 0),
                                new OffsetAndMetadata(first, "by hand"),
                                new TopicPartition(topic, 1),
                                new OffsetAndMetadata(second, "by hand")))
                .all());
    }

    private void commitToThird() {
        TestKafka.BROKER.ask(admin -> admin.alterConsumerGroupOffsets(
                        Consumers.group(topic), Map.of(new TopicPartition(topic, 2), new OffsetAndMetadata(0)))
                .all());
    }

    private Settled settle(StartPosition startsAt) throws LostOffsets {
        return new StartPositions(TestKafka.BROKER, new JsonMapper())
                .settle(Consumers.subscription(topic, startsAt, handler));
    }

    @Test
    void retained_begins_with_all_that_the_topic_holds() {
        send(0, 10);
        try (Consumers running = start(StartPosition.RETAINED, handler)) {
            awaitCommitted(5, 5);
            assertThat(handler.done).hasSize(10);
        }
    }

    @Test
    void now_begins_after_the_first_start_and_holds_over_a_pause() {
        send(0, 10);
        try (Consumers running = start(StartPosition.NOW, handler)) {
            awaitCommitted(5, 5);
        }
        send(10, 20);
        try (Consumers running = start(StartPosition.NOW, handler)) {
            awaitCommitted(10, 10);
            assertThat(handler.done).hasSize(10).allMatch(each -> Integer.parseInt(each.substring(6)) >= 10);
        }
    }

    @Test
    void instances_that_start_at_once_agree_on_one_start() {
        send(0, 10);
        Recorder other = new Recorder(event -> new Result.Done());
        try (Consumers one = start(StartPosition.NOW, handler);
                Consumers two = start(StartPosition.NOW, other)) {
            one.serving(topic, 1);
            two.serving(topic, 1);
            send(10, 30);
            awaitCommitted(15, 15);
            assertThat(handler.done.size() + other.done.size()).isEqualTo(20);
        }
    }

    @Test
    void a_partition_that_is_added_later_is_read_from_its_beginning() {
        send(0, 10);
        try (Consumers running = start(StartPosition.NOW, handler)) {
            awaitCommitted(5, 5);
        }
        TestKafka.grow(topic, 3);
        for (int i = 10; i < 15; i++) {
            TestKafka.send(topic, 2, "key-" + i, "event-" + i);
        }
        try (Consumers running = start(StartPosition.NOW, handler)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> handler.done.size() == 5);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> TestKafka.committed(Consumers.group(topic)).containsKey(2));
        }
    }

    @Test
    void a_group_that_lost_all_its_offsets_stops_and_says_what_to_do() {
        send(0, 10);
        try (Consumers running = start(StartPosition.RETAINED, handler)) {
            awaitCommitted(5, 5);
        }
        forget();
        try (Consumers consumers = start(StartPosition.RETAINED, handler)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> consumers.words(topic).startsWith("stopped: "));
            assertThat(consumers.words(topic))
                    .contains("partition 0 has no committed offset any more")
                    .contains("kafka-consumer-groups --group " + Consumers.group(topic))
                    .contains("--reset-offsets");
            assertThat(handler.done).hasSize(10);
        }
    }

    @Test
    void a_partition_that_lost_its_offset_stops_the_subscription() {
        send(0, 10);
        try (Consumers running = start(StartPosition.RETAINED, handler)) {
            awaitCommitted(5, 5);
        }
        for (String group : List.of(Consumers.group(topic), shadow())) {
            TestKafka.BROKER.ask(admin -> admin.deleteConsumerGroupOffsets(group, Set.of(new TopicPartition(topic, 1)))
                    .all());
        }
        try (Consumers consumers = start(StartPosition.RETAINED, handler)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> consumers.words(topic).contains("partition 1 has no committed offset any more"));
        }
    }

    @Test
    void an_offset_that_the_topic_no_longer_holds_stops_the_subscription() {
        send(0, 10);
        try (Consumers running = start(StartPosition.NOW, handler)) {
            awaitCommitted(5, 5);
        }
        send(10, 20);
        TestKafka.BROKER.ask(
                admin -> admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(8)))
                        .all());
        try (Consumers consumers = start(StartPosition.NOW, handler)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            consumers.words(topic).contains("partition 0 stands at 5, but the topic holds 8 to 10"));
        }
    }

    @Test
    void an_offset_that_goes_out_of_range_while_running_stops_the_subscription() {
        send(0, 10);
        AtomicBoolean held = new AtomicBoolean(true);
        Recorder waiting = new Recorder(event ->
                held.get() && event.equals("event-2") ? new Result.TryLater(Duration.ofMillis(50)) : new Result.Done());
        Subscription<?> subscription = Consumers.subscription(topic, StartPosition.RETAINED, waiting);
        try (Consumers consumers = Consumers.start(subscription, topic + ".max-held=1")) {
            await("it holds what it may").atMost(Duration.ofSeconds(30)).until(() -> waiting.callsWith("event-2") > 1);
            // The client may have asked for more before it was full, but not twice.
            for (int round = 1; round <= 2; round++) {
                send(10 * round, 10 * round + 10);
                long left = 5L * round + 3;
                TestKafka.BROKER.ask(admin -> admin.deleteRecords(
                                Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(left)))
                        .all());
            }
            held.set(false);
            await("it says so")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> consumers.words(topic).contains(", but the topic holds 13 to 15"));
        }
    }

    @Test
    void the_first_start_gives_the_group_and_its_shadow_one_position() throws LostOffsets {
        send(0, 10);
        assertThat(settle(StartPosition.NOW)).isEqualTo(new Settled(Map.of(0, 5L, 1, 5L), false));
        assertThat(TestKafka.committed(Consumers.group(topic))).isEqualTo(Map.of(0, 5L, 1, 5L));
        assertThat(TestKafka.committed(shadow())).isEqualTo(Map.of(0, 5L, 1, 5L));
    }

    @Test
    void a_group_that_a_stranger_is_in_already_begins_in_its_shadow() throws LostOffsets {
        send(0, 10);
        try (GroupMember stranger = GroupMember.classic(Consumers.group(topic), "copy", topic)) {
            GroupMember.share(List.of(stranger), 2);
            assertThat(settle(StartPosition.NOW)).isEqualTo(new Settled(Map.of(0, 5L, 1, 5L), true));
            assertThat(TestKafka.committed(Consumers.group(topic))).isEmpty();
            assertThat(TestKafka.committed(shadow())).isEqualTo(Map.of(0, 5L, 1, 5L));
            send(10, 20);
            assertThat(settle(StartPosition.NOW).firstStart())
                    .as("what the first start remembered")
                    .isEqualTo(Map.of(0, 5L, 1, 5L));
        }
    }

    @Test
    void what_a_stranger_committed_before_the_first_start_is_no_position_of_ours() throws LostOffsets {
        send(0, 10);
        try (GroupMember stranger = GroupMember.next(Consumers.group(topic), "next", topic)) {
            GroupMember.share(List.of(stranger), 2);
            stranger.take(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(5)));
            settle(StartPosition.RETAINED);
            assertThat(TestKafka.committed(shadow())).isEqualTo(Map.of(0, 0L, 1, 0L));
        }
    }

    @Test
    void an_instance_that_starts_second_finds_the_group_with_members_of_ours_and_is_not_told_that_it_is_taken()
            throws LostOffsets {
        settle(StartPosition.RETAINED);
        try (GroupMember ours =
                GroupMember.owned(Consumers.group(topic), "owner", "mallstream." + topic + ".1", topic)) {
            GroupMember.share(List.of(ours), 2);
            assertThat(settle(StartPosition.RETAINED).taken()).isFalse();
        }
    }

    @Test
    void a_group_of_the_first_version_gives_its_shadow_what_it_has() throws LostOffsets {
        send(0, 10);
        settle(StartPosition.RETAINED);
        TestKafka.BROKER.ask(
                admin -> admin.deleteConsumerGroups(Set.of(shadow())).all());
        TestKafka.grow(topic, 3);
        set(Consumers.group(topic), 3, 4);
        commitToThird();
        settle(StartPosition.RETAINED);
        assertThat(TestKafka.committed(shadow())).isEqualTo(Map.of(0, 3L, 1, 4L, 2, 0L));
    }

    @Test
    void a_commit_to_a_partition_that_was_added_later_does_not_get_into_a_shadow_that_has_others() throws LostOffsets {
        settle(StartPosition.RETAINED);
        TestKafka.grow(topic, 3);
        commitToThird();
        settle(StartPosition.RETAINED);
        assertThat(TestKafka.committed(shadow())).isEqualTo(Map.of(0, 0L, 1, 0L));
    }

    @Test
    void a_group_that_lost_its_offsets_gets_them_back_from_its_shadow() throws LostOffsets {
        send(0, 10);
        settle(StartPosition.RETAINED);
        set(shadow(), 3, 4);
        TestKafka.BROKER.ask(admin ->
                admin.deleteConsumerGroups(Set.of(Consumers.group(topic))).all());
        settle(StartPosition.RETAINED);
        assertThat(TestKafka.BROKER
                        .ask(admin -> admin.listConsumerGroupOffsets(Consumers.group(topic))
                                .partitionsToOffsetAndMetadata())
                        .get(new TopicPartition(topic, 1)))
                .as("with the gaps that the metadata tells")
                .isEqualTo(new OffsetAndMetadata(4, "by hand"));
    }

    @Test
    void an_offset_out_of_range_is_mended_by_the_other_group_in_both_directions() throws LostOffsets {
        send(0, 20);
        settle(StartPosition.RETAINED);
        set(Consumers.group(topic), 1, 9);
        set(shadow(), 9, 1);
        for (int partition : List.of(0, 1)) {
            TestKafka.BROKER.ask(admin -> admin.deleteRecords(
                            Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(5)))
                    .all());
        }
        settle(StartPosition.RETAINED);
        assertThat(TestKafka.committed(Consumers.group(topic))).isEqualTo(Map.of(0, 9L, 1, 9L));
        assertThat(TestKafka.committed(shadow())).isEqualTo(Map.of(0, 9L, 1, 9L));
    }

    @Test
    void a_position_that_an_operator_sets_after_a_loss_is_followed_by_the_shadow() throws LostOffsets {
        send(0, 20);
        settle(StartPosition.RETAINED);
        forget();
        assertThatThrownBy(() -> settle(StartPosition.RETAINED)).isInstanceOf(LostOffsets.class);
        set(Consumers.group(topic), 6, 7);
        settle(StartPosition.RETAINED);
        assertThat(TestKafka.committed(shadow())).isEqualTo(Map.of(0, 6L, 1, 7L));
    }
}
