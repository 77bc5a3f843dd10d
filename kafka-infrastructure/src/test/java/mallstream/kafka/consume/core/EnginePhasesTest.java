package mallstream.kafka.consume.core;

import static mallstream.kafka.consume.core.Bench.source;
import static mallstream.kafka.consume.core.Bench.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import mallstream.kafka.consume.core.Bench.Limits;
import org.junit.jupiter.api.Test;

/** Lanes that are split and joined while records of their key are in flight. A record is its mall, and its order where that has a lane. */
class EnginePhasesTest {
    private static void receive(Bench bench, int partition, long from, String... names) {
        long offset = from;
        for (String name : names) {
            // Such as m.3: the first one of the mall m; ma.4: one of its order a.
            String part = name.charAt(1) == '.' ? null : name.substring(1, 2);
            bench.engine.received(
                    source(partition), offset++, 10, new Split(name.substring(0, 1), part), name, bench.now);
        }
        bench.tick();
    }

    private static Bench bench(String... names) {
        Bench bench = new Limits().bench(2);
        receive(bench, 0, 0, names);
        return bench;
    }

    @Test
    void a_key_that_is_not_split_is_one_lane_and_one_that_is_has_one_for_each_part() {
        Bench bench = bench("m.1", "m.2", "na.1", "nb.1", "na.2");
        assertThat(bench.running()).containsExactly(List.of("m.1"), List.of("na.1"), List.of("nb.1"));
    }

    @Test
    void what_comes_after_a_split_waits_for_all_that_came_before_it() {
        Bench bench = bench("m.1", "m.2", "ma.3", "mb.4", "ma.5");
        assertThat(bench.running()).containsExactly(List.of("m.1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("m.2"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("ma.3"), List.of("mb.4"));
    }

    @Test
    void what_comes_after_a_join_waits_for_all_parts() {
        Bench bench = bench("ma.1", "mb.2", "m.3", "m.4");
        bench.done(bench.callOf("ma.1"));
        assertThat(bench.running()).containsExactly(List.of("mb.2"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("m.3"));
    }

    @Test
    void a_split_takes_effect_though_the_backlog_never_ends() {
        Bench bench = bench("m.1", "m.2", "ma.3", "mb.4");
        for (int i = 5; i < 100; i += 2) {
            receive(bench, 0, i - 1, "ma." + i, "mb." + (i + 1));
        }
        bench.done(bench.only());
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("ma.3"), List.of("mb.4"));
    }

    @Test
    void back_and_forth_nothing_overtakes_and_the_lanes_of_two_phases_are_not_one() {
        Bench bench = bench("m.1", "ma.2", "mb.3", "m.4", "ma.5");
        bench.work(name -> new Outcome.Done());
        assertThat(bench.calls.keySet()).containsExactly("m.1", "ma.2", "mb.3", "m.4", "ma.5");
        assertThat(bench.engine.phased()).isZero();
    }

    @Test
    void a_batch_holds_nothing_from_both_sides_of_a_change() {
        Bench bench = new Limits().size(10).bench();
        receive(bench, 0, 0, "m.1", "m.2", "ma.3", "mb.4");
        assertThat(bench.running()).containsExactly(List.of("m.1", "m.2"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("ma.3", "mb.4"));
    }

    @Test
    void a_retry_holds_up_the_next_phase_of_its_key_and_of_no_other() {
        Bench bench = bench("m.1", "ma.2", "n.1", "na.2");
        bench.answer(bench.callOf("m.1"), name -> new Outcome.Failed(new Doom("failed", "Failure")));
        bench.done(bench.callOf("n.1"));
        assertThat(bench.running()).containsExactly(List.of("na.2"));
        bench.pass(Duration.ofMillis(200));
        assertThat(bench.running()).containsExactly(List.of("na.2"), List.of("m.1"));
        bench.done(bench.callOf("m.1"));
        assertThat(bench.running()).containsExactly(List.of("na.2"), List.of("ma.2"));
    }

    @Test
    void a_dead_letter_holds_up_the_next_phase_until_it_is_safe() {
        Bench bench = bench("m.1", "ma.2");
        bench.answer(bench.only(), name -> new Outcome.Refused(new Doom("refused", "Refusal")));
        assertThat(bench.running()).isEmpty();
        bench.buryAll();
        assertThat(bench.running()).containsExactly(List.of("ma.2"));
    }

    @Test
    void a_stuck_call_holds_up_the_next_phase_of_its_key_only() {
        Bench bench = new Limits().timeout(Duration.ofSeconds(1)).bench();
        receive(bench, 0, 0, "m.1", "ma.2", "n.1", "na.2");
        bench.done(bench.callOf("n.1"));
        bench.done(bench.callOf("na.2"));
        bench.pass(Duration.ofSeconds(5));
        assertThat(bench.closed).hasSize(1);
        assertThat(bench.running()).containsExactly(List.of("m.1"));
        bench.done(bench.callOf("m.1"));
        assertThat(bench.running()).containsExactly(List.of("ma.2"));
    }

    @Test
    void what_is_let_go_with_its_partition_holds_up_nothing() {
        Bench bench = bench("m.1", "m.2");
        receive(bench, 1, 0, "ma.3");
        bench.engine.drain(sources(0), bench.now);
        assertThat(bench.running()).as("the call that runs counts").containsExactly(List.of("m.1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("ma.3"));
    }

    @Test
    void a_call_that_outlives_its_partition_holds_up_the_next_phase_until_it_ends() {
        Bench bench = bench("m.1", "m.2");
        bench.engine.release(sources(0), bench.now);
        bench.engine.assign(source(0), Progress.at(0));
        receive(bench, 0, 0, "ma.1", "ma.2");
        assertThat(bench.running()).containsExactly(List.of("m.1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("ma.1"));
    }

    @Test
    void a_phase_that_is_let_go_before_its_turn_leaves_the_next_one_behind_the_first() {
        Bench bench = bench("m.1");
        receive(bench, 1, 0, "ma.2", "mb.3");
        receive(bench, 0, 1, "m.4");
        bench.engine.release(sources(1), bench.now);
        assertThat(bench.tick().running()).containsExactly(List.of("m.1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("m.4"));
        bench.done(bench.only());
        assertThat(bench.engine.phased()).isZero();
    }

    @Test
    void replayed_records_enter_the_same_lanes() {
        Bench bench = bench("m.1");
        bench.engine.assign(Bench.REPLAY, Progress.at(0));
        bench.engine.received(Bench.REPLAY, 0, 10, new Split("m", "a"), "ma.0", bench.now);
        assertThat(bench.tick().running()).containsExactly(List.of("m.1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("ma.0"));
    }

    @Test
    void what_lingers_before_a_split_is_flushed_and_what_came_after_it_is_let_go() {
        Bench bench = new Limits().size(10).linger(Duration.ofSeconds(1)).bench();
        receive(bench, 0, 0, "m.1", "ma.2");
        bench.engine.drain(sources(0), bench.now);
        assertThat(bench.running()).containsExactly(List.of("m.1"));
        bench.done(bench.only());
        assertThat(bench.running()).isEmpty();
        assertThat(bench.engine.held()).isZero();
        assertThat(bench.engine.phased()).isZero();
    }

    @Test
    void operators_see_what_is_blocked_and_what_is_held_of_a_key() {
        Bench bench = bench("m.1", "m.2");
        receive(bench, 1, 0, "ma.3", "mb.4");
        Engine.PartitionLook look = Objects.requireNonNull(bench.engine.look(source(1)));
        assertThat(Objects.requireNonNull(look.holder()).stage()).isEqualTo("blocked");
        assertThat(look.holder().key()).isEqualTo("m");
        assertThat(bench.engine.look("m")).isEqualTo(new Engine.KeyLook(4, bench.now));
        assertThat(bench.engine.longest(5)).containsExactly(new Engine.LaneLook("m", 3));
        assertThat(bench.engine.look("n")).isEqualTo(new Engine.KeyLook(0, Long.MAX_VALUE));
    }

    @Test
    void what_is_held_of_a_bare_key_counts_what_runs() {
        Bench bench =
                new Limits().size(2).bench().receive(0, 0, "a1", "a2", "a3").tick();
        assertThat(bench.engine.look("a")).isEqualTo(new Engine.KeyLook(3, bench.now));
    }

    @Test
    void keys_and_waits_are_counted_once_for_each_record() {
        Bench bench = new Limits().inFlight(1).bench();
        HeavyHitters<Object> hitters = new HeavyHitters<>(10, Duration.ofSeconds(30));
        bench.engine.count(hitters);
        receive(bench, 0, 0, "m.1", "m.2", "na.1");
        bench.pass(Duration.ofSeconds(2));
        bench.answer(bench.only(), name -> new Outcome.Failed(new Doom("failed", "Failure")));
        bench.work(name -> new Outcome.Done());
        List<HeavyHitters.Row<Object>> rows = hitters.top(5, bench.now);
        assertThat(rows).extracting(HeavyHitters.Row::key).containsExactly("m", "n");
        assertThat(rows.getFirst().share()).isCloseTo(2 / 3.0, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(rows.getLast().waitMean()).isCloseTo(2, org.assertj.core.data.Offset.offset(1e-9));
    }
}
