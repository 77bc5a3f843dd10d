package mallstream.kafka.consume.core;

import static mallstream.kafka.consume.core.Bench.source;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import mallstream.kafka.consume.core.Bench.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer means, what is tried again, and what it costs. */
class EngineFailuresTest {
    private static final Doom DOOM = new Doom("no-such-mall", "Mall");

    private static Outcome unless(boolean well) {
        return well ? new Outcome.Done() : new Outcome.Failed(DOOM);
    }

    @Test
    void a_record_that_fails_is_called_as_often_as_it_may_with_growing_pauses_and_buried_with_the_reason() {
        Bench bench = new Limits().attempts(4).bench().receive(0, 0, "a1", "a2").tick();
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long failedAt = bench.now;
            bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
            assertThat(bench.running()).isEmpty();
            bench.now = bench.engine.next(bench.now);
            bench.tick();
            pauses.add(Duration.ofNanos(bench.now - failedAt).toMillis());
        }
        assertThat(pauses.get(0)).isBetween(75L, 125L);
        assertThat(pauses.get(1)).isBetween(150L, 250L);
        assertThat(pauses.get(2)).isBetween(300L, 500L);
        bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
        assertThat(bench.callsOf("a1")).isEqualTo(4);
        assertThat(bench.burying.values()).containsExactly(DOOM);
        assertThat(bench.running()).as("a2 waits until a1 is buried").isEmpty();
        bench.buryAll();
        assertThat(bench.finished).containsEntry("a1", Ending.DEAD_LETTER);
        assertThat(bench.running()).containsExactly(List.of("a2"));
    }

    @Test
    void the_pause_grows_no_longer_than_it_may() {
        Bounds bounds = new Limits().bounds();
        assertThat(bounds.backoff(60, () -> 0)).isEqualTo(Duration.ofMillis(750).toNanos());
        assertThat(bounds.backoff(60, () -> -1)).isBetween(1_249_000_000L, 1_250_000_000L);
    }

    @Test
    void two_records_that_fail_in_one_partition_cost_their_attempts_each_and_no_more() {
        Bench bench = new Limits().size(50).inFlight(1).bench();
        bench.receive(0, 0, "a1", "b1", "a2", "c1", "b2", "a3").tick();
        bench.work(name -> unless(!name.equals("a2") && !name.equals("b1")));
        assertThat(bench.callsOf("a2")).isEqualTo(3);
        assertThat(bench.callsOf("b1")).isEqualTo(3);
        assertThat(bench.finished)
                .hasSize(6)
                .containsEntry("a2", Ending.DEAD_LETTER)
                .containsEntry("b1", Ending.DEAD_LETTER)
                .containsEntry("a3", Ending.DONE)
                .containsEntry("b2", Ending.DONE);
        assertThat(bench.progress(0)).isEqualTo(Progress.at(6));
    }

    @Test
    void the_success_of_another_partition_does_not_forget_failures() {
        Bench bench = new Limits().bench(2).receive(0, 0, "a1").tick();
        for (int i = 0; i < 3; i++) {
            bench.receive(1, i, "b" + i).tick();
            bench.done(bench.callOf("b" + i));
            bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
            bench.pass(Duration.ofSeconds(2));
        }
        assertThat(bench.burying.keySet()).extracting(Held::record).containsExactly("a1");
        assertThat(bench.callsOf("a1")).isEqualTo(3);
    }

    @Test
    void only_the_first_unfinished_record_of_a_key_pays() {
        Bench bench = new Limits()
                .size(10)
                .attempts(1)
                .bench()
                .receive(0, 0, "a1", "a2", "a3", "b1")
                .tick();
        bench.answer(bench.only(), name -> unless(name.equals("a1")));
        assertThat(bench.burying.keySet()).extracting(Held::record).containsExactly("a2", "b1");
        bench.buryAll();
        assertThat(bench.running()).as("a3 was behind a2 and has lost nothing").containsExactly(List.of("a3"));
    }

    @Test
    void what_the_answer_does_not_cover_has_failed() {
        Bench bench = new Limits()
                .size(10)
                .attempts(1)
                .bench()
                .receive(0, 0, "a1", "b1")
                .tick();
        Call<String> call = bench.only();
        bench.open.remove(call);
        bench.engine.completed(call, new Outcome[] {new Outcome.Done()}, bench.now);
        assertThat(bench.finished).containsOnlyKeys("a1");
        assertThat(bench.burying.values()).containsExactly(Doom.NO_RESULT);
    }

    @Test
    void a_record_that_cannot_be_decoded_is_buried_and_those_behind_it_may_be_done() {
        Bench bench = new Limits().size(10).bench().receive(0, 0, "a1", "a2").tick();
        bench.answer(bench.only(), name -> name.equals("a1") ? new Outcome.Refused(DOOM) : new Outcome.AlreadyDone());
        assertThat(bench.finished).containsExactly(Map.entry("a2", Ending.ALREADY_DONE));
        assertThat(bench.burying.values()).containsExactly(DOOM);
        bench.buryAll();
        assertThat(bench.callsOf("a1")).isEqualTo(1);
        assertThat(bench.progress(0)).isEqualTo(Progress.at(2));
    }

    @Test
    void one_poison_record_in_500_costs_its_attempts_and_nine_calls_more_and_its_neighbours_nothing() {
        for (int poison : new int[] {0, 1, 249, 250, 251, 377, 498, 499}) {
            Bench bench = new Limits().size(500).inFlight(4).attempts(5).bench();
            String[] names = IntStream.range(0, 500).mapToObj(i -> "-" + i).toArray(String[]::new);
            bench.receive(0, 0, names).tick();
            assertThat(bench.only().records()).hasSize(500);
            bench.workWithPoison("-" + poison);
            assertThat(bench.finished).hasSize(500);
            assertThat(bench.finished.entrySet())
                    .filteredOn(each -> each.getValue() == Ending.DEAD_LETTER)
                    .extracting(Map.Entry::getKey)
                    .containsExactly("-" + poison);
            // Its attempts alone, after 9 calls in company, ceil(log2(500)); one less where it is in the smaller
            // halves.
            assertThat(bench.callsOf("-" + poison)).as("poison at %s", poison).isBetween(8 + 5, 9 + 5);
            assertThat(bench.calls.values()).allMatch(calls -> calls <= 14);
        }
    }

    @Test
    void one_poison_record_in_a_batch_of_one_key_keeps_its_order() {
        Bench bench = new Limits().size(500).inFlight(4).bench();
        String[] names = IntStream.range(0, 500).mapToObj(i -> "a" + i).toArray(String[]::new);
        bench.receive(0, 0, names).tick();
        bench.workWithPoison("a300");
        assertThat(bench.finished.keySet()).containsExactly(names);
        assertThat(bench.finished).containsEntry("a300", Ending.DEAD_LETTER);
        assertThat(bench.callsOf("a300")).isLessThanOrEqualTo(9 + 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 64, 100})
    void several_poison_records_are_narrowed_down_one_by_one(int size) {
        Bench bench = new Limits().size(size).inFlight(3).bench();
        String[] names = IntStream.range(0, 300).mapToObj(i -> "-" + i).toArray(String[]::new);
        bench.receive(0, 0, names).tick();
        bench.workWithPoison("-3", "-4", "-77", "-298");
        int inCompany = 32 - Integer.numberOfLeadingZeros(size - 1);
        assertThat(bench.finished.entrySet())
                .filteredOn(each -> each.getValue() == Ending.DEAD_LETTER)
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("-3", "-4", "-77", "-298");
        assertThat(bench.calls.values()).allMatch(calls -> calls <= inCompany + 3);
        assertThat(bench.progress(0)).isEqualTo(Progress.at(300));
    }

    @Test
    void a_record_that_was_in_no_failed_call_is_not_drawn_into_the_search() {
        Bench bench = new Limits()
                .size(4)
                .inFlight(1)
                .bench()
                .receive(0, 0, "a1", "b1", "c1", "d1")
                .tick();
        bench.receive(0, 4, "e1", "f1");
        bench.fail(bench.only());
        assertThat(bench.running()).containsExactly(List.of("a1", "b1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("c1", "d1"));
    }

    @Test
    void the_search_keeps_to_the_bound_of_bytes() {
        Bench bench = new Limits().size(6).bytes(100).inFlight(2).bench();
        int[] bytes = {10, 10, 10, 10, 10, 50, 50, 10, 10, 10, 10, 10};
        for (int i = 0; i < bytes.length; i++) {
            bench.receive(0, i, bytes[i], "-" + i);
        }
        bench.tick();
        List.copyOf(bench.open).forEach(bench::fail);
        int most = 0;
        while (!bench.open.isEmpty()) {
            Call<String> call = bench.open.getFirst();
            most = Math.max(
                    most, call.records().stream().mapToInt(each -> each.bytes).sum());
            bench.done(call);
        }
        assertThat(bench.finished).hasSize(12);
        assertThat(most).isLessThanOrEqualTo(100);
    }

    @Test
    void a_wish_to_be_tried_later_costs_no_attempt_until_the_record_is_too_old() {
        Bench bench = new Limits()
                .attempts(1)
                .later(Duration.ofSeconds(10))
                .bench()
                .receive(0, 0, "a1")
                .tick();
        for (int i = 0; i < 3; i++) {
            bench.answer(
                    bench.only(),
                    name -> new Outcome.TryLater(Duration.ofSeconds(3).toNanos()));
            bench.pass(Duration.ofSeconds(3).minusNanos(1));
            assertThat(bench.running()).isEmpty();
            bench.pass(Duration.ofNanos(1));
        }
        bench.answer(
                bench.only(), name -> new Outcome.TryLater(Duration.ofSeconds(3).toNanos()));
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.running()).as("the last try comes when its time is up").hasSize(1);
        assertThat(bench.burying).isEmpty();
        bench.answer(bench.only(), name -> new Outcome.TryLater(0));
        assertThat(bench.burying.values()).containsExactly(Doom.TOO_OLD);
        assertThat(bench.callsOf("a1")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 1L << 62, 20_000_000_000L})
    void a_wish_that_is_further_away_than_the_record_may_wait_is_cut_to_that(long wish) {
        Bench bench = new Limits().later(Duration.ofSeconds(10)).bench();
        bench.now = Long.MAX_VALUE / 2;
        bench.receive(0, 0, "a1").tick();
        bench.answer(bench.only(), name -> new Outcome.TryLater(wish));
        assertThat(bench.engine.next(bench.now))
                .isEqualTo(bench.now + Duration.ofSeconds(10).toNanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MIN_VALUE})
    void a_wish_of_nothing_does_not_spin(long wish) {
        Bench bench = new Limits().bench().receive(0, 0, "a1").tick();
        bench.answer(bench.only(), name -> new Outcome.TryLater(wish));
        assertThat(bench.engine.next(bench.now))
                .isEqualTo(bench.now + Duration.ofMillis(100).toNanos());
    }

    @Test
    void an_outage_burns_no_attempt_and_one_call_at_a_time_finds_out_whether_it_is_over() {
        Bench bench = new Limits()
                .attempts(1)
                .inFlight(3)
                .bench()
                .receive(0, 0, "a1", "b1", "c1", "d1")
                .tick();
        List.copyOf(bench.open).forEach(bench::away);
        assertThat(bench.running()).isEmpty();
        Engine.Outage outage = Objects.requireNonNull(bench.engine.outage());
        assertThat(outage.what()).isEqualTo("database");
        assertThat(bench.engine.next(bench.now)).isEqualTo(outage.until());
        for (int i = 0; i < 5; i++) {
            bench.now = bench.engine.next(bench.now);
            bench.tick();
            assertThat(bench.running()).hasSize(1);
            bench.away(bench.only());
        }
        assertThat(Objects.requireNonNull(bench.engine.outage()).since()).isEqualTo(outage.since());
        bench.now = bench.engine.next(bench.now);
        bench.tick();
        bench.done(bench.only());
        assertThat(bench.engine.outage()).isNull();
        assertThat(bench.running()).hasSize(3);
        bench.work(name -> new Outcome.Done());
        assertThat(bench.finished).hasSize(4).doesNotContainValue(Ending.DEAD_LETTER);
    }

    @Test
    void calls_that_fail_together_in_an_outage_lengthen_the_pause_once() {
        Bench bench =
                new Limits().inFlight(3).bench().receive(0, 0, "a1", "b1", "c1").tick();
        List.copyOf(bench.open).forEach(bench::away);
        Engine.Outage outage = Objects.requireNonNull(bench.engine.outage());
        assertThat(outage.until() - bench.now).isBetween(75_000_000L, 125_000_000L);
    }

    @Test
    void a_call_from_before_the_outage_says_nothing_about_its_end() {
        Bench bench = new Limits().inFlight(2).bench().receive(0, 0, "a1", "b1").tick();
        bench.away(bench.callOf("a1"));
        bench.done(bench.callOf("b1"));
        assertThat(bench.engine.outage()).isNotNull();
    }

    @Test
    void a_call_that_is_waited_for_holds_back_the_try() {
        Bench bench = new Limits().inFlight(2).bench().receive(0, 0, "a1", "b1").tick();
        bench.away(bench.callOf("a1"));
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.running()).containsExactly(List.of("b1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("a1"));
    }

    @Test
    void a_call_whose_time_is_up_is_interrupted_and_costs_an_attempt() {
        Bench bench = new Limits()
                .timeout(Duration.ofSeconds(2))
                .bench()
                .receive(0, 0, "a1")
                .tick();
        bench.pass(Duration.ofSeconds(2).minusNanos(1));
        assertThat(bench.interrupted).isEmpty();
        bench.pass(Duration.ofNanos(1));
        assertThat(bench.interrupted).containsExactly(bench.only());
        Held<String> record = bench.only().records().getFirst();
        bench.fail(bench.only());
        assertThat(record.attempts()).isEqualTo(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.running()).containsExactly(List.of("a1"));
    }

    @Test
    void a_call_that_outlives_its_interrupt_closes_its_lanes_and_gives_its_place_back() {
        Bench bench = new Limits().timeout(Duration.ofSeconds(2)).inFlight(1).bench();
        bench.receive(0, 0, "a1", "a2", "b1").tick();
        Call<String> hung = bench.only();
        bench.pass(Duration.ofSeconds(4));
        assertThat(bench.closed).containsExactly(hung);
        assertThat(bench.engine.closed()).containsExactly(hung);
        assertThat(bench.engine.inFlight()).isEqualTo(1);
        assertThat(bench.running()).containsExactly(List.of("a1"), List.of("b1"));
        Engine.PartitionLook look = Objects.requireNonNull(bench.engine.look(source(0)));
        assertThat(Objects.requireNonNull(look.holder()).stage()).isEqualTo("stuck");

        bench.done(bench.callOf("b1"));
        bench.pass(Duration.ofHours(1));
        assertThat(bench.running()).as("a2 waits, its key is closed").containsExactly(List.of("a1"));
        assertThat(bench.progress(0)).isEqualTo(new Progress(0, 3, new long[] {0, 1}));
        bench.done(hung);
        assertThat(bench.engine.closed()).isEmpty();
        assertThat(bench.running()).containsExactly(List.of("a2"));
        bench.done(bench.only());
        assertThat(bench.engine.inFlight()).isZero();
        assertThat(bench.progress(0)).isEqualTo(Progress.at(3));
    }

    @Test
    void the_grace_after_an_interrupt_is_no_longer_than_five_seconds() {
        assertThat(new Limits().timeout(Duration.ofMinutes(1)).bounds().grace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(new Limits().timeout(Duration.ofMillis(10)).bounds().grace()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void calls_are_interrupted_and_given_up_each_in_its_time() {
        Bench bench = new Limits()
                .timeout(Duration.ofSeconds(2))
                .bench()
                .receive(0, 0, "a1")
                .tick();
        bench.pass(Duration.ofSeconds(1));
        bench.receive(0, 1, "b1").tick();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.interrupted).hasSize(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.interrupted).hasSize(2);
        assertThat(bench.closed).isEmpty();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.closed).extracting(Bench::names).containsExactly(List.of("a1"));
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.closed).hasSize(2);
        assertThat(bench.engine.next(bench.now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_dead_letter_that_is_not_taken_is_sent_again_and_its_key_waits_and_it_counts_as_held() {
        Bench bench =
                new Limits().attempts(1).bench().receive(0, 0, "a1", "a2", "b1").tick();
        bench.answer(bench.callOf("a1"), name -> new Outcome.Failed(DOOM));
        bench.done(bench.callOf("b1"));
        for (int i = 0; i < 10; i++) {
            Held<String> record = bench.burying.keySet().iterator().next();
            bench.burying.clear();
            bench.engine.burialFailed(record, bench.now);
            assertThat(bench.burying).isEmpty();
            assertThat(bench.engine.held()).isEqualTo(2);
            assertThat(bench.progress(0).frontier()).isZero();
            bench.pass(Duration.ofMillis(1250));
        }
        assertThat(bench.running()).isEmpty();
        bench.buryAll();
        assertThat(bench.callsOf("a1")).isEqualTo(1);
        assertThat(bench.running()).containsExactly(List.of("a2"));
        assertThat(bench.engine.held()).isEqualTo(1);
    }

    @Test
    void records_that_wait_for_a_retry_count_as_held() {
        Bench bench = new Limits().held(10).inFlight(100).bench();
        for (int i = 0; i < 10; i++) {
            bench.receive(0, i, "-" + i);
        }
        bench.tick();
        List.copyOf(bench.open).forEach(call -> bench.answer(call, name -> new Outcome.Failed(DOOM)));
        assertThat(bench.engine.held()).isEqualTo(10);
        assertThat(bench.engine.heldMost()).isEqualTo(10);
        assertThat(bench.part.held()).isEqualTo(100);
        assertThat(bench.engine.mayPoll()).isFalse();
    }
}
