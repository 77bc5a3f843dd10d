package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.Consumers.Recorder;
import mallstream.kafka.consume.Subscription.StartPosition;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@SuppressWarnings("try") // An instance runs as long as its block.
class StartPositionsIT {
    private String topic = "";
    private final Recorder handler = new Recorder(event -> new Result.Done());

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
        TestKafka.BROKER.ask(admin ->
                admin.deleteConsumerGroups(Set.of(Consumers.group(topic))).all());
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
        TestKafka.BROKER.ask(
                admin -> admin.deleteConsumerGroupOffsets(Consumers.group(topic), Set.of(new TopicPartition(topic, 1)))
                        .all());
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
        Recorder waiting = new Recorder(
                event -> event.equals("event-2") ? new Result.TryLater(Duration.ofSeconds(3)) : new Result.Done());
        try (Consumers consumers = start(StartPosition.RETAINED, waiting)) {
            awaitCommitted(1, 5);
            TestKafka.BROKER.ask(
                    admin -> admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(3)))
                            .all());
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            consumers.words(topic).contains("partition 0 stands at 1, but the topic holds 3 to 5"));
        }
    }
}
