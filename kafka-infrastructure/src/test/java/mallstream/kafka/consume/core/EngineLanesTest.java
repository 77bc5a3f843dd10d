package mallstream.kafka.consume.core;

import static mallstream.kafka.consume.core.Bench.source;
import static mallstream.kafka.consume.core.Bench.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mallstream.kafka.consume.core.Bench.Limits;
import org.junit.jupiter.api.Test;

/** Who is called when, with whom. */
class EngineLanesTest {
    private static final Duration LINGER = Duration.ofMillis(5);

    @Test
    void records_of_a_key_are_called_one_after_the_other_in_their_order() {
        Bench bench = new Limits().bench().receive(0, 0, "a1", "b1", "a2", "a3").tick();
        assertThat(bench.running()).containsExactly(List.of("a1"), List.of("b1"));
        bench.done(bench.callOf("a1"));
        assertThat(bench.running()).containsExactly(List.of("b1"), List.of("a2"));
        bench.done(bench.callOf("b1"));
        bench.done(bench.callOf("a2"));
        assertThat(bench.running()).containsExactly(List.of("a3"));
    }

    @Test
    void records_without_a_key_wait_for_nobody() {
        Bench bench = new Limits().bench().receive(0, 0, "-1", "-2", "-3").tick();
        assertThat(bench.running()).containsExactly(List.of("-1"), List.of("-2"), List.of("-3"));
    }

    @Test
    void no_more_calls_run_than_may() {
        Bench bench =
                new Limits().inFlight(2).bench().receive(0, 0, "a1", "b1", "c1").tick();
        assertThat(bench.running()).containsExactly(List.of("a1"), List.of("b1"));
        bench.done(bench.callOf("b1"));
        assertThat(bench.running()).containsExactly(List.of("a1"), List.of("c1"));
        assertThat(bench.engine.inFlight()).isEqualTo(2);
    }

    @Test
    void a_batch_holds_runs_of_keys_each_in_order() {
        Bench bench = new Limits().size(10).inFlight(1).bench().receive(0, 0, "a1", "b1", "a2", "b2", "a3");
        assertThat(bench.tick().running()).containsExactly(List.of("a1", "a2", "a3", "b1", "b2"));
    }

    @Test
    void a_hot_key_gets_no_more_than_its_share_while_others_wait() {
        Bench bench = new Limits().size(6).inFlight(1).bench();
        bench.receive(0, 0, "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "b1", "b2", "b3", "c1");
        bench.tick();
        // A third each; what c does not need goes to whoever has more, from the front.
        assertThat(bench.running()).containsExactly(List.of("a1", "a2", "a3", "b1", "b2", "c1"));
    }

    @Test
    void whoever_was_in_a_call_gets_in_line_behind_the_others() {
        Bench bench = new Limits().size(2).inFlight(1).bench();
        bench.receive(0, 0, "a1", "a2", "a3", "b1", "c1", "d1").tick();
        assertThat(bench.running()).containsExactly(List.of("a1", "b1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("c1", "d1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("a2", "a3"));
    }

    @Test
    void a_hot_key_leaves_each_other_key_its_turn_however_much_comes() {
        Bench bench = new Limits().inFlight(1).bench();
        String[] hot = IntStream.range(0, 1000).mapToObj(i -> "a" + i).toArray(String[]::new);
        bench.receive(0, 0, hot).tick();
        bench.receive(0, 1000, "b1", "c1");
        bench.done(bench.only());
        bench.done(bench.only());
        assertThat(bench.finished).containsKey("b1");
        bench.done(bench.only());
        assertThat(bench.calls).containsKeys("b1", "c1");
    }

    @Test
    void a_batch_that_is_not_full_waits_for_more_and_no_longer() {
        Bench bench =
                new Limits().size(3).linger(LINGER).bench().receive(0, 0, "a1").tick();
        assertThat(bench.running()).isEmpty();
        assertThat(bench.engine.next(bench.now)).isEqualTo(bench.now + LINGER.toNanos());
        bench.pass(LINGER.minusNanos(1));
        bench.receive(0, 1, "b1").tick();
        assertThat(bench.running()).isEmpty();
        bench.pass(Duration.ofNanos(1));
        assertThat(bench.running()).containsExactly(List.of("a1", "b1"));
    }

    @Test
    void a_full_batch_waits_for_nothing() {
        Bench bench = new Limits()
                .size(3)
                .linger(LINGER)
                .bench()
                .receive(0, 0, "a1", "a2")
                .tick();
        assertThat(bench.running()).isEmpty();
        bench.receive(0, 2, "b1").tick();
        assertThat(bench.running()).containsExactly(List.of("a1", "a2", "b1"));
    }

    @Test
    void a_batch_has_no_more_bytes_than_it_may_and_a_larger_record_goes_alone() {
        Bench bench = new Limits().size(10).bytes(100).bench();
        bench.receive(0, 0, 60, "a1");
        bench.receive(0, 1, 40, "b1");
        bench.receive(0, 2, 500, "c1");
        bench.receive(0, 3, 1, "d1");
        bench.tick();
        assertThat(bench.running()).containsExactly(List.of("a1", "b1"), List.of("c1"), List.of("d1"));
    }

    @Test
    void a_lane_that_did_not_fit_is_the_first_of_the_next_batch() {
        Bench bench = new Limits().size(10).bytes(100).inFlight(1).bench();
        bench.receive(0, 0, 60, "a1");
        bench.receive(0, 1, 50, "b1");
        bench.receive(0, 2, 10, "c1");
        bench.tick();
        assertThat(bench.running()).containsExactly(List.of("a1"));
        bench.done(bench.only());
        assertThat(bench.running()).containsExactly(List.of("b1", "c1"));
    }

    @Test
    void a_pause_lets_calls_end_and_none_begin() {
        Bench bench = new Limits().inFlight(1).bench().receive(0, 0, "a1", "a2").tick();
        bench.engine.pause(true, bench.now);
        bench.done(bench.only());
        assertThat(bench.running()).isEmpty();
        assertThat(bench.engine.fetchable()).isEmpty();
        bench.engine.pause(false, bench.now);
        assertThat(bench.running()).containsExactly(List.of("a2"));
        assertThat(bench.engine.fetchable()).containsExactly(source(0));
    }

    @Test
    void an_operator_may_allow_fewer_calls_and_then_again_as_many_as_configured() {
        Bench bench = new Limits()
                .inFlight(3)
                .bench()
                .receive(0, 0, "a1", "b1", "c1", "d1", "e1")
                .tick();
        bench.engine.limits(1, null, bench.now);
        assertThat(bench.engine.maxInFlight()).isEqualTo(1);
        bench.done(bench.callOf("a1"));
        bench.done(bench.callOf("b1"));
        assertThat(bench.running()).containsExactly(List.of("c1"));
        bench.engine.limits(null, null, bench.now);
        assertThat(bench.running()).containsExactly(List.of("c1"), List.of("d1"), List.of("e1"));
    }

    @Test
    void a_rate_lets_so_many_records_begin_in_a_second() {
        Bench bench = new Limits().size(2).inFlight(1000).bench();
        bench.engine.limits(null, 10, bench.now);
        String[] names = IntStream.range(0, 100).mapToObj(i -> "-" + i).toArray(String[]::new);
        bench.receive(0, 0, names);
        bench.pass(Duration.ofSeconds(3));
        assertThat(bench.calls).hasSize(30);
        assertThat(bench.engine.next(bench.now)).isGreaterThan(bench.now);
    }

    @Test
    void what_comes_twice_is_taken_once_and_what_is_not_ours_is_not_taken() {
        Bench bench = new Limits()
                .bench()
                .receive(0, 0, "a1", "a2")
                .receive(0, 1, "a2")
                .receive(7, 0, "x1");
        assertThat(bench.engine.held()).isEqualTo(2);
        bench.tick().work(name -> new Outcome.Done());
        assertThat(bench.calls).containsOnlyKeys("a1", "a2");
    }

    @Test
    void the_frontier_is_behind_the_last_record_below_which_all_is_finished() {
        Bench bench = new Limits().bench().receive(0, 5, "a1", "b1", "c1").tick();
        bench.done(bench.callOf("b1"));
        assertThat(bench.progress(0)).isEqualTo(new Progress(5, 8, new long[] {5, 7}));
        bench.done(bench.callOf("a1"));
        assertThat(bench.progress(0)).isEqualTo(new Progress(7, 8, new long[] {7}));
        bench.done(bench.callOf("c1"));
        assertThat(bench.progress(0)).isEqualTo(Progress.at(8));
    }

    @Test
    void offsets_without_records_are_finished_as_soon_as_they_are_known() {
        Bench bench = new Limits().bench().receive(0, 5, "a1").tick();
        bench.engine.position(source(0), 9);
        assertThat(bench.progress(0)).isEqualTo(new Progress(5, 9, new long[] {5}));
        bench.done(bench.only());
        assertThat(bench.progress(0)).isEqualTo(Progress.at(9));
        bench.engine.position(source(0), 12);
        assertThat(bench.progress(0)).isEqualTo(Progress.at(12));
    }

    @Test
    void only_what_has_changed_is_committed_and_what_did_not_arrive_again() {
        Bench bench =
                new Limits().bench(2).receive(0, 0, "a1").receive(1, 0, "b1").tick();
        bench.engine.committing();
        assertThat(bench.engine.uncommitted()).isEmpty();
        bench.done(bench.callOf("a1"));
        assertThat(bench.engine.uncommitted()).containsOnlyKeys(source(0));
        bench.engine.committing();
        bench.engine.commitFailed(sources(0, 7));
        assertThat(bench.engine.uncommitted()).containsOnlyKeys(source(0));
    }

    @Test
    void a_full_partition_leaves_the_others_their_part() {
        Bench bench = new Limits().held(400).inFlight(1).bench(4);
        assertThat(fill(bench, 0)).as("a part of its own and the pool").isEqualTo(50 + 200);
        assertThat(bench.engine.fetchable()).containsExactlyInAnyOrder(source(1), source(2), source(3));
        assertThat(fill(bench, 1)).isEqualTo(50);
        assertThat(fill(bench, 2)).isEqualTo(50);
        assertThat(bench.engine.fetchable()).containsExactly(source(3));
        assertThat(fill(bench, 3)).isEqualTo(50);
        assertThat(bench.engine.held()).isEqualTo(400);
        assertThat(bench.engine.fetchable()).isEmpty();
    }

    /** Polls of one partition until it may not be polled any more. */
    private static int fill(Bench bench, int partition) {
        int offset = 0;
        while (bench.engine.fetchable().contains(source(partition)) && bench.engine.mayPoll()) {
            for (int i = 0; i < bench.engine.pollRecords(); i++) {
                bench.receive(partition, offset++, "-" + partition + "/" + offset);
            }
            bench.engine.polled();
        }
        return offset;
    }

    @Test
    void a_partition_whose_first_records_are_stuck_goes_on_until_the_gaps_are_full() {
        Bench bench = new Limits().held(10_000).inFlight(2000).bench(2);
        int stuck = 1500;
        for (int i = 0; i < stuck; i++) {
            bench.receive(0, i, 10, "-" + i);
        }
        bench.tick();
        long offset = stuck;
        while (bench.engine.fetchable().contains(source(0)) && offset < 100_000) {
            bench.receive(0, offset, 10, "-" + offset);
            bench.tick();
            offset++;
            bench.done(bench.open.getLast());
        }
        assertThat(offset).isBetween(20_000L, 25_000L);
        Engine.PartitionLook look = Objects.requireNonNull(bench.engine.look(source(0)));
        assertThat(look.gapsFull()).isTrue();
        assertThat(look.holder()).extracting(Engine.HolderLook::offset).isEqualTo(0L);
        assertThat(bench.engine.fetchable()).containsExactly(source(1));
        assertThat(Progress.parse(0, bench.progress(0).metadata(Bench.OWNER), Bench.OWNER))
                .isEqualTo(bench.progress(0));
        List.copyOf(bench.open).forEach(bench::done);
        assertThat(bench.progress(0)).isEqualTo(Progress.at(offset));
        assertThat(bench.engine.fetchable()).contains(source(0));
    }

    @Test
    void one_stuck_record_never_stops_its_partition() {
        Bench bench = new Limits().inFlight(2).bench().receive(0, 0, "-0").tick();
        for (int i = 1; i < 100_000; i++) {
            assertThat(bench.engine.fetchable()).containsExactly(source(0));
            bench.receive(0, i, 10, "-" + i);
            bench.tick();
            bench.done(bench.open.getLast());
        }
        assertThat(Progress.parse(0, bench.progress(0).metadata(Bench.OWNER), Bench.OWNER))
                .isEqualTo(new Progress(0, 100_000, new long[] {0}));
    }

    @Test
    void a_poll_reserves_the_bytes_that_it_may_bring() {
        Bench bench = new Limits().budget(3000).bench();
        assertThat(bench.engine.mayPoll()).isTrue();
        bench.receive(0, 0, 1000, "a1");
        bench.engine.polled();
        assertThat(bench.engine.mayPoll()).isTrue();
        bench.receive(0, 1, 1000, "b1");
        bench.engine.polled();
        assertThat(bench.engine.mayPoll()).isFalse();
        bench.tick();
        bench.done(bench.callOf("a1"));
        assertThat(bench.part.held()).isEqualTo(1000);
        assertThat(bench.engine.mayPoll()).isTrue();
    }

    @Test
    void operators_see_the_longest_lanes() {
        Bench bench = new Limits().inFlight(1).bench();
        bench.receive(0, 0, Stream.of("a1", "b1", "b2", "b3", "c1", "c2").toArray(String[]::new));
        assertThat(bench.tick().engine.longest(2))
                .containsExactly(new Engine.LaneLook("b", 3), new Engine.LaneLook("c", 2));
    }
}
