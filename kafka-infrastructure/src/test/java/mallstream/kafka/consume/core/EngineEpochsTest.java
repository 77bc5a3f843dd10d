package mallstream.kafka.consume.core;

import static mallstream.kafka.consume.core.Bench.source;
import static mallstream.kafka.consume.core.Bench.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import mallstream.kafka.consume.core.Bench.Limits;
import org.junit.jupiter.api.Test;

/** What happens when partitions come and go while calls run. */
class EngineEpochsTest {
    private static final Doom DOOM = new Doom("no-such-mall", "Mall");

    private static void giveAndTake(Bench bench, long from) {
        bench.engine.drain(sources(0), bench.now);
        bench.engine.release(sources(0), bench.now);
        bench.engine.assign(source(0), Progress.at(from));
    }

    @Test
    void a_call_of_an_old_epoch_never_touches_the_new_one_and_its_key_waits_for_its_end() {
        Bench bench = new Limits().bench().receive(0, 0, "a1", "a2", "b1").tick();
        Call<String> old = bench.callOf("a1");
        assertThat(old.owned()).isTrue();
        giveAndTake(bench, 0);
        assertThat(old.owned()).isFalse();
        bench.receive(0, 0, "a1", "a2").tick();
        assertThat(bench.running()).as("b1 and a1 of the old epoch").containsExactly(List.of("a1"), List.of("b1"));
        assertThat(bench.engine.held()).isEqualTo(4);

        bench.done(old);
        assertThat(bench.progress(0))
                .as("the new epoch has to do it itself")
                .isEqualTo(new Progress(0, 2, new long[] {0, 1}));
        Call<String> again = bench.callOf("a1");
        assertThat(again).isNotSameAs(old);
        assertThat(again.records().getFirst().epoch())
                .isGreaterThan(old.records().getFirst().epoch());
        bench.finished.clear();
        bench.done(again);
        assertThat(bench.progress(0).frontier()).isEqualTo(1);
    }

    @Test
    void a_failure_of_an_old_epoch_does_not_come_again() {
        Bench bench = new Limits()
                .size(2)
                .attempts(1)
                .bench(2)
                .receive(0, 0, "a1")
                .receive(1, 0, "b1")
                .tick();
        bench.engine.release(sources(0), bench.now);
        bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
        assertThat(bench.burying.keySet()).extracting(Held::record).containsExactly("b1");
        bench.buryAll();
        assertThat(bench.engine.held()).isZero();
    }

    @Test
    void what_is_queued_of_a_partition_that_leaves_goes_and_stays_unfinished() {
        Bench bench = new Limits()
                .inFlight(1)
                .bench(2)
                .receive(0, 0, "a1", "b1")
                .receive(1, 0, "c1")
                .tick();
        bench.engine.drain(sources(0), bench.now);
        assertThat(bench.engine.held()).isEqualTo(2);
        assertThat(bench.engine.drained(sources(0))).isFalse();
        assertThat(bench.engine.fetchable()).containsExactly(source(1));
        bench.done(bench.callOf("a1"));
        assertThat(bench.engine.drained(sources(0))).isTrue();
        assertThat(bench.running()).containsExactly(List.of("c1"));
        assertThat(bench.progress(0)).isEqualTo(new Progress(1, 2, new long[] {1}));
        bench.engine.release(sources(0), bench.now);
        assertThat(bench.engine.progress(source(0))).isNull();
    }

    @Test
    void a_lane_that_two_partitions_share_keeps_what_stays() {
        Bench bench = new Limits()
                .inFlight(1)
                .bench(2)
                .receive(0, 0, "a1")
                .receive(1, 0, "a2")
                .receive(0, 1, "a3");
        bench.receive(1, 1, "a4").tick();
        bench.engine.drain(sources(0), bench.now);
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("a2"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("a4"));
    }

    @Test
    void what_lingers_is_flushed_before_its_partition_leaves_and_the_rest_lingers_on() {
        Bench bench = new Limits()
                .size(10)
                .linger(Duration.ofSeconds(1))
                .bench(2)
                .receive(0, 0, "a1", "b1")
                .receive(1, 0, "c1")
                .tick();
        bench.engine.drain(sources(0), bench.now);
        assertThat(bench.running()).containsExactly(List.of("a1", "b1"));
        bench.done(bench.only());
        assertThat(bench.engine.drained(sources(0))).isTrue();
        assertThat(bench.progress(0)).isEqualTo(Progress.at(2));
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.running()).containsExactly(List.of("c1"));
    }

    @Test
    void a_burial_under_way_is_waited_for_and_counts() {
        Bench bench = new Limits().attempts(1).bench().receive(0, 0, "a1").tick();
        bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
        bench.engine.drain(sources(0), bench.now);
        assertThat(bench.engine.drained(sources(0))).isFalse();
        bench.buryAll();
        assertThat(bench.engine.drained(sources(0))).isTrue();
        assertThat(bench.progress(0)).isEqualTo(Progress.at(1));
    }

    @Test
    void what_waits_for_a_retry_is_not_retried_by_who_gives_the_partition_away() {
        Bench bench = new Limits().bench().receive(0, 0, "a1").tick();
        bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
        giveAndTake(bench, 0);
        assertThat(bench.engine.held()).isZero();
        assertThat(bench.engine.next(bench.now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void attempts_start_anew_with_an_epoch() {
        Bench bench = new Limits().attempts(2).bench().receive(0, 0, "a1").tick();
        bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
        giveAndTake(bench, 0);
        bench.receive(0, 0, "a1").tick();
        bench.answer(bench.only(), name -> new Outcome.Failed(DOOM));
        assertThat(bench.burying).isEmpty();
    }

    @Test
    void what_was_finished_above_the_frontier_is_not_handled_again_and_stays_finished() {
        Bench bench = new Limits().bench();
        bench.engine.release(sources(0), bench.now);
        bench.engine.assign(source(0), new Progress(3, 8, new long[] {3, 5}));
        bench.receive(0, 3, "a3").tick();
        assertThat(bench.progress(0)).isEqualTo(new Progress(3, 8, new long[] {3, 5}));
        bench.done(bench.only());
        assertThat(bench.progress(0)).isEqualTo(new Progress(5, 8, new long[] {5}));
        bench.receive(0, 4, "a4", "a5", "a6", "a7", "a8").tick();
        assertThat(bench.running()).containsExactly(List.of("a5"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("a8"));
        assertThat(bench.progress(0)).isEqualTo(new Progress(8, 9, new long[] {8}));
    }

    @Test
    void a_hung_call_does_not_keep_the_records_of_its_lost_partition_in_memory() {
        Bench bench =
                new Limits().inFlight(1).bench().receive(0, 0, "a1", "a2", "a3").tick();
        Held<String> hung = bench.only().records().getFirst();
        bench.engine.release(sources(0), bench.now);
        assertThat(hung.after).isNull();
        assertThat(hung.partition.first()).isNull();
        bench.done(bench.only());
        assertThat(bench.engine.held()).isZero();
        assertThat(bench.engine.longest(9)).isEmpty();
    }
}
