package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mallstream.kafka.TestKafka;
import mallstream.kafka.consume.Consumers.Recorder;
import mallstream.kafka.consume.Subscription.StartPosition;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

@SuppressWarnings("try") // An instance runs as long as its block.
class ConsumptionIT {
    private String topic = "";

    @BeforeEach
    void name(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName().replace('_', '-').toLowerCase(Locale.ROOT);
    }

    private void given(int partitions, int records) {
        TestKafka.create(topic, partitions);
        for (int i = 0; i < records; i++) {
            TestKafka.send(topic, i % partitions, "key-" + i, "event-" + i);
        }
    }

    private Consumers start(Handler<String> handler, String... settings) {
        return Consumers.start(Consumers.subscription(topic, StartPosition.RETAINED, handler), settings);
    }

    private void awaitCommitted(long... offsets) {
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            for (int i = 0; i < offsets.length; i++) {
                assertThat(TestKafka.committed(Consumers.group(topic))).containsEntry(i, offsets[i]);
            }
        });
    }

    private List<String> deadLetters() {
        return TestKafka.values(Consumers.deadLetters(topic));
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void a_poison_record_costs_its_attempts_and_no_neighbour() {
        given(1, 50);
        Recorder handler = Recorder.failingOn("event-20");
        try (Consumers consumers = start(handler)) {
            awaitCommitted(50);
            assertThat(deadLetters()).containsExactly("event-20");
            assertThat(handler.callsAlone("event-20")).isEqualTo(3);
            assertThat(handler.done).hasSize(49).doesNotHaveDuplicates();
            ConsumerRecord<byte[], byte[]> dead =
                    TestKafka.read(Consumers.deadLetters(topic)).getFirst();
            assertThat(new String(dead.key(), UTF_8)).isEqualTo("key-20");
            assertThat(header(dead, "kafka_dlt-original-topic")).isEqualTo(topic);
            assertThat(ByteBuffer.wrap(dead.headers()
                                    .lastHeader("kafka_dlt-original-offset")
                                    .value())
                            .getLong())
                    .isEqualTo(20);
            assertThat(header(dead, "kafka_dlt-exception-fqcn")).isEqualTo(IllegalStateException.class.getName());
            assertThat(header(dead, "kafka_dlt-exception-message")).isEqualTo("attempts-used-up");
            assertThat(header(dead, "mallstream-attempts")).isEqualTo("3");
            assertThat(dead.headers().lastHeader("kafka_dlt-exception-stacktrace"))
                    .isNull();
            assertThat(consumers
                            .registry
                            .get("mallstream.consume.records")
                            .tag("outcome", "done")
                            .counter()
                            .count())
                    .isEqualTo(49);
        }
    }

    @Test
    void two_failing_records_of_one_partition_both_cost_their_attempts_only() {
        given(1, 50);
        Recorder handler = Recorder.failingOn("event-7", "event-31");
        try (Consumers running = start(handler)) {
            awaitCommitted(50);
            assertThat(deadLetters()).containsExactlyInAnyOrder("event-7", "event-31");
            assertThat(handler.callsAlone("event-7")).isEqualTo(3);
            assertThat(handler.callsAlone("event-31")).isEqualTo(3);
            assertThat(handler.done).hasSize(48).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_poison_record_does_not_hold_another_partition() {
        given(2, 20);
        Recorder handler = Recorder.failingOn("event-4");
        try (Consumers running = start(handler, topic + ".backoff.first=2s", topic + ".backoff.longest=2s")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> handler.done.contains("event-19"));
            for (int i = 0; i < 20; i++) {
                TestKafka.send(topic, 1, "late", "late-" + i);
            }
            await().atMost(Duration.ofSeconds(2)).until(() -> handler.done.contains("late-19"));
            assertThat(deadLetters()).isEmpty();
            awaitCommitted(10, 30);
            assertThat(deadLetters()).containsExactly("event-4");
            assertThat(handler.callsAlone("event-4")).isEqualTo(3);
            assertThat(handler.done).hasSize(39).doesNotHaveDuplicates();
        }
    }

    @Test
    void where_all_fail_each_costs_its_attempts_and_none_is_lost() {
        given(2, 40);
        Recorder handler = new Recorder(event -> {
            throw new IllegalStateException(event);
        });
        try (Consumers consumers = start(handler)) {
            awaitCommitted(20, 20);
            assertThat(deadLetters())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 40).mapToObj(i -> "event-" + i).toList());
            assertThat(IntStream.range(0, 40)).allMatch(i -> handler.callsAlone("event-" + i) == 3);
            assertThat(consumers.registry.get("mallstream.consume.held").gauge().value())
                    .isZero();
        }
    }

    @Test
    void an_outage_costs_nobody_an_attempt() {
        given(2, 20);
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger refusals = new AtomicInteger();
        Recorder handler = new Recorder(event -> {
            if (away.get()) {
                refusals.incrementAndGet();
                throw new InfrastructureUnavailable(new IllegalStateException("database is unavailable"));
            }
            return new Result.Done();
        });
        try (Consumers consumers = start(handler)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> refusals.get() > 6);
            assertThat(consumers.words(topic))
                    .contains("database is unavailable since")
                    .contains("next try at");
            away.set(false);
            awaitCommitted(10, 10);
            assertThat(handler.done).hasSize(20).doesNotHaveDuplicates();
            assertThat(deadLetters()).isEmpty();
            assertThat(consumers.words(topic)).isEqualTo("runs");
        }
    }

    @Test
    void a_refused_event_is_a_dead_letter_at_once() {
        given(1, 5);
        Recorder handler =
                new Recorder(event -> event.equals("event-2") ? new Result.Refused("no-such-mall") : new Result.Done());
        try (Consumers running = start(handler)) {
            awaitCommitted(5);
            ConsumerRecord<byte[], byte[]> dead =
                    TestKafka.read(Consumers.deadLetters(topic)).getFirst();
            assertThat(deadLetters()).containsExactly("event-2");
            assertThat(header(dead, "kafka_dlt-exception-message")).isEqualTo("no-such-mall");
            assertThat(header(dead, "mallstream-attempts")).isEqualTo("0");
            assertThat(handler.callsWith("event-2")).isEqualTo(1);
        }
    }

    @Test
    void an_event_that_tries_later_waits_free_of_charge() {
        given(1, 5);
        AtomicInteger asked = new AtomicInteger();
        Recorder handler = new Recorder(event -> event.equals("event-2") && asked.incrementAndGet() < 6
                ? new Result.TryLater(Duration.ofMillis(10))
                : new Result.Done());
        try (Consumers running = start(handler)) {
            awaitCommitted(5);
            assertThat(handler.done).hasSize(5).doesNotHaveDuplicates();
            assertThat(deadLetters()).isEmpty();
        }
    }

    @Test
    void an_event_that_tries_later_for_too_long_is_a_dead_letter() {
        given(1, 5);
        Recorder handler = new Recorder(
                event -> event.equals("event-2") ? new Result.TryLater(Duration.ofHours(1)) : new Result.Done());
        try (Consumers running = start(handler, topic + ".try-later-for=1s")) {
            awaitCommitted(5);
            assertThat(header(TestKafka.read(Consumers.deadLetters(topic)).getFirst(), "kafka_dlt-exception-message"))
                    .isEqualTo("too-old");
            assertThat(handler.callsWith("event-2")).isEqualTo(2);
        }
    }

    @Test
    void malformed_records_never_reach_the_handler() {
        TestKafka.create(topic, 1);
        for (int i = 0; i < 10; i++) {
            TestKafka.send(topic, 0, "key", i % 2 == 0 ? "{bad-" + i : "event-" + i);
        }
        Recorder handler = new Recorder(event -> new Result.Done());
        try (Consumers running = start(handler)) {
            awaitCommitted(10);
            assertThat(handler.done).containsExactly("event-1", "event-3", "event-5", "event-7", "event-9");
            assertThat(deadLetters()).containsExactly("{bad-0", "{bad-2", "{bad-4", "{bad-6", "{bad-8");
            assertThat(header(TestKafka.read(Consumers.deadLetters(topic)).getFirst(), "kafka_dlt-exception-message"))
                    .isEqualTo("malformed-json");
        }
    }

    @Test
    void the_events_of_a_key_keep_their_order_through_retries() {
        TestKafka.create(topic, 1);
        for (int i = 0; i < 60; i++) {
            TestKafka.send(topic, 0, "key-" + i % 3, "event-" + i);
        }
        ConcurrentHashMap<String, Integer> failures = new ConcurrentHashMap<>();
        Recorder handler = new Recorder(event -> {
            if (Integer.parseInt(event.substring(6)) % 7 == 0 && failures.merge(event, 1, Integer::sum) < 3) {
                throw new IllegalStateException(event);
            }
            return new Result.Done();
        });
        try (Consumers running = start(handler, topic + ".attempts=10")) {
            awaitCommitted(60);
            for (int key = 0; key < 3; key++) {
                int wanted = key;
                assertThat(handler.done.stream()
                                .map(each -> Integer.valueOf(each.substring(6)))
                                .filter(each -> each % 3 == wanted))
                        .isSorted()
                        .hasSize(20);
            }
            assertThat(deadLetters()).isEmpty();
        }
    }

    @Test
    void a_restart_delivers_what_was_not_finished() {
        given(1, 10);
        Recorder first = new Recorder(
                event -> event.equals("event-3") ? new Result.TryLater(Duration.ofHours(1)) : new Result.Done());
        try (Consumers running = start(first)) {
            awaitCommitted(3);
            await().atMost(Duration.ofSeconds(10)).until(() -> first.done.size() == 9);
        }
        Recorder second = new Recorder(event -> new Result.Done());
        try (Consumers running = start(second)) {
            awaitCommitted(10);
            assertThat(second.done).first().isEqualTo("event-3");
            assertThat(deadLetters()).isEmpty();
        }
    }

    @Test
    void two_instances_share_the_partitions_and_lose_nothing_when_one_leaves() {
        given(4, 200);
        Recorder one = new Recorder(event -> new Result.Done());
        Recorder other = new Recorder(event -> new Result.Done());
        try (Consumers stays = start(one)) {
            try (Consumers leaves = start(other)) {
                stays.serving(topic, 2);
                leaves.serving(topic, 2);
                for (int i = 200; i < 400; i++) {
                    TestKafka.send(topic, i % 4, "key-" + i, "event-" + i);
                }
            }
            awaitCommitted(100, 100, 100, 100);
            assertThat(IntStream.range(0, 400))
                    .allMatch(i -> one.done.contains("event-" + i) || other.done.contains("event-" + i));
            assertThat(deadLetters()).isEmpty();
        }
    }

    @Test
    void a_batch_waits_for_more_up_to_its_linger() {
        TestKafka.create(topic, 1);
        Recorder handler = new Recorder(event -> new Result.Done());
        try (Consumers consumers = start(handler, topic + ".batch.linger=1s")) {
            consumers.serving(topic, 1);
            Instant begin = Instant.now();
            for (int i = 0; i < 20; i++) {
                TestKafka.send(topic, 0, "key-" + i, "event-" + i);
            }
            awaitCommitted(20);
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(4));
            assertThat(handler.calls).hasSizeLessThan(4);
        }
    }

    @Test
    void a_batch_is_never_larger_than_its_bound() {
        given(1, 100);
        Recorder handler = new Recorder(event -> new Result.Done());
        try (Consumers running = start(handler, topic + ".batch.max-size=7")) {
            awaitCommitted(100);
            assertThat(handler.calls).allMatch(each -> each.size() <= 7).anyMatch(each -> each.size() == 7);
        }
    }

    @Test
    void without_kafka_it_starts_says_why_it_waits_and_stops() {
        Recorder handler = new Recorder(event -> new Result.Done());
        Subscription<String> subscription = Consumers.subscription(topic, StartPosition.RETAINED, handler);
        Instant begin = Instant.now();
        try (Consumers consumers = Consumers.startAt(TestKafka.NOWHERE, subscription)) {
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(2));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> consumers.words(topic).startsWith("waits for Kafka"));
            Instant asked = Instant.now();
            assertThat(consumers.health.stream())
                    .extracting(each -> each.name())
                    .containsExactly("kafka", topic);
            assertThat(consumers.health.stream())
                    .extracting(each -> ((HealthIndicator) each.contributor()).health(false))
                    .extracting(each -> each == null ? null : each.getStatus())
                    .containsExactly(Status.DOWN, Status.DOWN);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(35));
    }
}
