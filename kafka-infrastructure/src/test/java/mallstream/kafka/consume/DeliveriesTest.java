package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import mallstream.kafka.consume.Consumers.Recorder;
import mallstream.kafka.consume.Subscription.StartPosition;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    private static final Bounds BOUNDS =
            new Bounds(100, Duration.ZERO, 3, Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofMinutes(1));

    private final List<String> buried = new ArrayList<>();
    private boolean brokerAway;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    private Deliveries<String> deliveries(Handler<String> handler) {
        Deliveries.Burial burial = (source, why, attempts) -> {
            if (brokerAway) {
                return CompletableFuture.failedFuture(new TimeoutException("away"));
            }
            buried.add(new String(source.value(), UTF_8) + " " + why.reason() + " " + attempts);
            return CompletableFuture.completedFuture(new RecordMetadata(PARTITION, 0, 0, 0, 0, 0));
        };
        InstantSource time = () -> now;
        Clock clock = time.withZone(ZoneOffset.UTC);
        return new Deliveries<>(
                Consumers.subscription("topic", StartPosition.RETAINED, handler),
                BOUNDS,
                burial,
                new ConsumeMeters(new SimpleMeterRegistry(), "topic"),
                clock,
                new Random(1));
    }

    private static ConsumerRecord<byte[], byte[]> message(int partition, long offset, String key, String value) {
        return new ConsumerRecord<>("topic", partition, offset, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static List<ConsumerRecord<byte[], byte[]>> window(int records) {
        return IntStream.range(0, records)
                .mapToObj(i -> message(0, i, "key-" + i, "event-" + i))
                .toList();
    }

    private static Deliveries.Verdict process(
            Deliveries<String> deliveries, List<ConsumerRecord<byte[], byte[]>> window) {
        return deliveries.process(window, () -> true);
    }

    private static Deliveries.Place place(Deliveries.Verdict verdict) {
        return Objects.requireNonNull(verdict.places().get(PARTITION));
    }

    @Test
    void a_window_without_failures_is_one_call_and_stands_behind_its_last_record() {
        Recorder handler = new Recorder(event -> new Result.Done());
        Deliveries.Verdict verdict = process(deliveries(handler), window(100));
        assertThat(handler.calls).hasSize(1);
        assertThat(verdict.places()).containsEntry(PARTITION, new Deliveries.Place(100, null));
        assertThat(verdict.outage()).isNull();
    }

    @Test
    void a_poison_record_in_a_batch_of_64_costs_6_calls_more_and_3_attempts() {
        Recorder handler = Recorder.failingOn("event-37");
        Deliveries<String> deliveries = deliveries(handler);
        Deliveries.Verdict verdict = process(deliveries, window(64));
        assertThat(place(verdict).offset()).isEqualTo(37);
        long failing =
                handler.calls.stream().filter(each -> each.contains("event-37")).count();
        assertThat(failing).as("64, 32, 16, 8, 4, 2 and alone").isEqualTo(7);
        for (int i = 0; i < 2; i++) {
            now = now.plusSeconds(10);
            verdict = process(deliveries, window(64).subList(37, 64));
        }
        assertThat(handler.callsAlone("event-37")).isEqualTo(3);
        assertThat(handler.done).hasSize(63).doesNotHaveDuplicates();
        assertThat(buried).containsExactly("event-37 attempts-used-up 3");
        assertThat(verdict.places()).containsEntry(PARTITION, new Deliveries.Place(64, null));
    }

    @Test
    void what_is_not_due_is_not_called_and_the_partition_comes_again_when_it_is() {
        Recorder handler = Recorder.failingOn("event-1");
        Deliveries<String> deliveries = deliveries(handler);
        Deliveries.Verdict verdict = process(deliveries, window(2));
        assertThat(place(verdict).again()).isBetween(now.plusMillis(750), now.plusMillis(1250));
        int calls = handler.calls.size();
        process(deliveries, window(2).subList(1, 2));
        assertThat(handler.calls).hasSize(calls);
    }

    @Test
    void an_answer_that_is_too_short_costs_the_rest_an_attempt_and_nobody_else() {
        List<List<String>> calls = new ArrayList<>();
        Deliveries<String> deliveries = deliveries(events -> {
            calls.add(List.copyOf(events));
            return calls.size() == 1
                    ? List.of(new Result.Done(), new Result.Done())
                    : events.stream().<Result>map(event -> new Result.Done()).toList();
        });
        Deliveries.Verdict verdict = process(deliveries, window(5));
        assertThat(place(verdict).offset()).isEqualTo(2);
        now = now.plusSeconds(10);
        process(deliveries, window(5).subList(2, 5));
        assertThat(calls).hasSize(2);
        assertThat(calls.getLast()).containsExactly("event-2", "event-3", "event-4");
    }

    @Test
    void an_event_that_is_never_answered_becomes_a_dead_letter() {
        Deliveries<String> deliveries = deliveries(events -> List.of());
        for (int i = 0; i < 4; i++) {
            process(deliveries, window(1));
            now = now.plusSeconds(10);
        }
        assertThat(buried).containsExactly("event-0 no-result 3");
    }

    @Test
    void an_answer_that_is_too_long_is_believed_by_nobody() {
        Deliveries<String> deliveries =
                deliveries(events -> List.of(new Result.Done(), new Result.Done(), new Result.Done()));
        Deliveries.Verdict verdict = process(deliveries, window(2));
        assertThat(place(verdict).offset()).isEqualTo(0);
    }

    @Test
    void later_events_of_a_key_wait_free_of_charge_for_the_unfinished_one() {
        Recorder handler = new Recorder(event -> event.equals("a-1") && now.getEpochSecond() % 60 < 20
                ? new Result.TryLater(Duration.ofSeconds(20))
                : new Result.Done());
        Deliveries<String> deliveries = deliveries(handler);
        List<ConsumerRecord<byte[], byte[]>> window = List.of(
                message(0, 0, "a", "a-1"), message(0, 1, "b", "b-1"), message(1, 0, "a", "a-of-another-partition"));
        process(deliveries, window);
        List<ConsumerRecord<byte[], byte[]>> again =
                List.of(window.get(0), window.get(1), message(0, 2, "a", "a-2"), message(0, 3, "b", "b-2"));
        process(deliveries, again);
        assertThat(handler.done).containsExactly("b-1", "a-of-another-partition", "b-2");
        now = now.plusSeconds(30);
        Deliveries.Verdict verdict = process(deliveries, again);
        assertThat(handler.done.subList(3, 5)).containsExactly("a-1", "a-2");
        assertThat(verdict.places()).containsEntry(PARTITION, new Deliveries.Place(4, null));
    }

    @Test
    void an_event_behind_an_unfinished_one_of_its_key_is_neither_charged_nor_refused() {
        AtomicBoolean first = new AtomicBoolean(true);
        Deliveries<String> deliveries = deliveries(events -> first.getAndSet(false)
                ? List.of(new Result.TryLater(Duration.ofSeconds(1)), new Result.Refused("too-early"))
                : List.of(new Result.Done(), new Result.Done()));
        List<ConsumerRecord<byte[], byte[]>> window = List.of(message(0, 0, "a", "a-1"), message(0, 1, "a", "a-2"));
        process(deliveries, window);
        now = now.plusSeconds(10);
        assertThat(process(deliveries, window).places()).containsEntry(PARTITION, new Deliveries.Place(2, null));
        assertThat(buried).isEmpty();
    }

    @Test
    void an_outage_ends_the_window_charges_nobody_and_grows() {
        AtomicBoolean away = new AtomicBoolean(true);
        Recorder handler = new Recorder(event -> {
            if (away.get()) {
                throw new InfrastructureUnavailable(new IllegalStateException("database is unavailable"));
            }
            return new Result.Done();
        });
        Deliveries<String> deliveries = deliveries(handler);
        Duration before = Duration.ZERO;
        for (int i = 0; i < 4; i++) {
            SubscriptionState.Outage outage =
                    Objects.requireNonNull(process(deliveries, window(10)).outage());
            assertThat(outage.what()).isEqualTo("database is unavailable");
            Duration pause = Duration.between(now, outage.until());
            assertThat(pause).isGreaterThan(before).isLessThanOrEqualTo(Duration.ofSeconds(10));
            before = pause;
            now = outage.until();
        }
        away.set(false);
        assertThat(process(deliveries, window(10)).places()).containsEntry(PARTITION, new Deliveries.Place(10, null));
        assertThat(handler.calls).hasSize(5);
        assertThat(buried).isEmpty();
    }

    @Test
    void a_dead_letter_that_was_not_confirmed_is_sent_again_without_another_call() {
        Recorder handler = new Recorder(event -> new Result.Refused("no-such-mall"));
        Deliveries<String> deliveries = deliveries(handler);
        brokerAway = true;
        Deliveries.Verdict verdict = process(deliveries, window(3));
        assertThat(place(verdict).offset()).isEqualTo(0);
        brokerAway = false;
        now = now.plusSeconds(10);
        verdict = process(deliveries, window(3));
        assertThat(buried)
                .containsExactly("event-0 no-such-mall 0", "event-1 no-such-mall 0", "event-2 no-such-mall 0");
        assertThat(handler.calls).hasSize(1);
        assertThat(verdict.places()).containsEntry(PARTITION, new Deliveries.Place(3, null));
    }

    @Test
    void a_window_that_takes_too_long_comes_again_and_goes_on_where_it_was() {
        Recorder handler = new Recorder(event -> {
            if (event.equals("event-0")) {
                now = now.plus(Deliveries.LONGEST_WINDOW);
                throw new IllegalStateException(event);
            }
            return new Result.Done();
        });
        Deliveries<String> deliveries = deliveries(handler);
        int windows = 0;
        while (place(process(deliveries, window(64))).offset() < 64) {
            now = now.plusSeconds(10);
            assertThat(++windows).isLessThan(20);
        }
        assertThat(buried).containsExactly("event-0 attempts-used-up 3");
        assertThat(handler.done).hasSize(63).doesNotHaveDuplicates();
    }

    @Test
    void a_stop_lets_the_running_call_end_and_begins_no_other() {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        Recorder handler = new Recorder(event -> {
            goesOn.set(false);
            throw new IllegalStateException(event);
        });
        Deliveries.Verdict verdict = deliveries(handler).process(window(10), goesOn::get);
        assertThat(handler.calls).hasSize(1);
        assertThat(place(verdict).offset()).isEqualTo(0);
    }

    @Test
    void a_partition_that_is_given_away_takes_its_attempts_with_it() {
        Recorder handler = Recorder.failingOn("event-0");
        Deliveries<String> deliveries = deliveries(handler);
        process(deliveries, window(1));
        deliveries.forget(List.of(PARTITION));
        process(deliveries, window(1));
        assertThat(handler.calls).hasSize(2);
    }

    @Test
    void a_reason_that_is_no_code_is_not_repeated() {
        Deliveries<String> deliveries =
                deliveries(events -> List.of(new Result.Refused("Hong Gildong, 010-1234-5678")));
        process(deliveries, window(1));
        assertThat(buried).containsExactly("event-0 unnamed 0");
    }
}
