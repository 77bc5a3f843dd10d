package mallstream.kafka.consume.core;

import static mallstream.kafka.consume.core.Bench.source;
import static mallstream.kafka.consume.core.Bench.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import mallstream.kafka.consume.core.Bench.Limits;
import org.junit.jupiter.api.Test;

/** One turn of the loop: what it asks of the client, and when. */
class LoopTest {
    private static final long MS = 1_000_000;

    /** A client that does what the test says, and writes down what it is asked for. */
    private static final class Client implements Loop.Client<String> {
        final List<String> asked = new ArrayList<>();
        final List<Map<Source, Progress>> commits = new ArrayList<>();
        final List<Consumer<Boolean>> answers = new ArrayList<>();
        Runnable duringPoll = () -> {};
        List<String> records = List.of();
        long polledFor;

        @Override
        public void fetchOnly(Set<Source> sources) {
            asked.add("fetch " + sources.size());
        }

        @Override
        public Loop.Fetched<String> poll(long nanos) {
            asked.add("poll");
            polledFor = nanos;
            duringPoll.run();
            List<String> now = records;
            records = List.of();
            return intake -> {
                for (int i = 0; i < now.size(); i++) {
                    String name = now.get(i);
                    intake.record(source(0), i, 10, name.substring(0, 1), name);
                }
                intake.position(source(0), now.size());
            };
        }

        @Override
        public void commit(Map<Source, Progress> progress, Consumer<Boolean> arrived) {
            commits.add(progress);
            answers.add(arrived);
        }

        @Override
        public void commitNow(Map<Source, Progress> progress) {
            asked.add("commit now");
            commits.add(progress);
        }

        @Override
        public Map<Source, Progress> starts(Collection<Source> sources) {
            Map<Source, Progress> starts = new LinkedHashMap<>();
            sources.forEach(each -> starts.put(each, Progress.at(0)));
            return starts;
        }
    }

    private final Client client = new Client();
    private final List<Long> waits = new ArrayList<>();
    private Runnable whileWaiting = () -> {};

    private Loop<String> loop(Bench bench) {
        Loop.Idle idle = nanos -> {
            waits.add(nanos);
            bench.now += nanos;
            whileWaiting.run();
        };
        return new Loop<>(bench.engine, client, idle, new ReentrantLock(), () -> bench.now, 100 * MS, 50 * MS);
    }

    @Test
    void a_poll_with_nothing_due_waits_as_long_as_it_may_also_where_the_clock_is_below_zero() {
        Bench bench = new Limits().bench();
        Loop<String> loop = loop(bench);
        for (long now : new long[] {Long.MIN_VALUE / 2, -1, 0, Long.MAX_VALUE / 2}) {
            bench.now = now;
            loop.turn();
            assertThat(client.polledFor).isEqualTo(50 * MS);
        }
    }

    @Test
    void a_poll_ends_when_something_is_due() {
        Bench bench = new Limits().size(10).linger(Duration.ofMillis(7)).bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1");
        loop.turn();
        loop.turn();
        assertThat(client.polledFor).isEqualTo(7 * MS);
    }

    @Test
    void where_nothing_may_be_fetched_it_polls_without_waiting_and_waits_for_calls_to_end() {
        Bench bench = new Limits().held(1).bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1");
        loop.turn();
        client.asked.clear();
        loop.turn();
        assertThat(client.asked).containsExactly("fetch 0", "poll");
        assertThat(client.polledFor).isZero();
        assertThat(waits).containsExactly(20 * MS);
        bench.done(bench.only());
        client.asked.clear();
        loop.turn();
        assertThat(client.asked).containsExactly("fetch 1", "poll");
    }

    @Test
    void where_some_partitions_rest_polls_are_short() {
        Bench bench = new Limits().held(8).bench(2);
        Loop<String> loop = loop(bench);
        for (int i = 0; bench.engine.fetchable().size() == 2; i++) {
            bench.receive(0, i, 10, "-" + i);
        }
        loop.turn();
        assertThat(client.polledFor).isEqualTo(5 * MS);
    }

    @Test
    void while_the_topic_rests_replays_are_asked_for_in_a_tenth_of_the_time() {
        Bench bench = new Limits().held(40).inFlight(1).bench(2);
        bench.engine.assign(Bench.REPLAY, Progress.at(0));
        Loop<String> loop = loop(bench);
        List<String> asked = new ArrayList<>();
        for (int tenths = 0; tenths < 30; tenths++) {
            if (tenths == 5) {
                for (int i = 0; i < 21; i++) {
                    bench.receive(0, i, "a" + i);
                }
            }
            client.asked.clear();
            loop.turn();
            asked.add(client.asked.getFirst());
            bench.now += 100 * MS;
        }
        // All three at first; then the other partition, and the replay with it once a second.
        assertThat(asked.subList(0, 5)).containsOnly("fetch 3");
        assertThat(asked.subList(5, 10)).containsOnly("fetch 1");
        assertThat(asked.get(10)).isEqualTo("fetch 2");
        assertThat(asked.subList(11, 20)).containsOnly("fetch 1");
        assertThat(asked.get(20)).isEqualTo("fetch 2");
    }

    @Test
    void where_nothing_is_left_to_do_a_commit_does_not_wait_for_its_turn() {
        Bench bench = new Limits().bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1", "b1");
        loop.turn();
        bench.done(bench.callOf("a1"));
        bench.now += 30 * MS;
        loop.turn();
        assertThat(client.commits).isEmpty();
        bench.done(bench.callOf("b1"));
        loop.turn();
        loop.turn();
        assertThat(client.commits).containsExactly(Map.of(source(0), Progress.at(2)));
    }

    @Test
    void what_is_assigned_during_a_poll_rests_until_the_next_turn() {
        Bench bench = new Limits().bench(0);
        Loop<String> loop = loop(bench);
        client.duringPoll = () -> loop.assigned(sources(0));
        loop.turn();
        assertThat(client.asked).containsExactly("fetch 0", "poll", "fetch 0");
        client.duringPoll = () -> {};
        client.asked.clear();
        loop.turn();
        assertThat(client.asked).containsExactly("fetch 1", "poll");
    }

    @Test
    void one_commit_is_on_its_way_at_a_time_and_one_that_failed_is_made_again() {
        Bench bench = new Limits().bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1", "b1");
        loop.turn();
        loop.turn();
        assertThat(client.commits).as("it is not time yet").isEmpty();
        bench.now += 100 * MS;
        loop.turn();
        assertThat(client.commits).hasSize(1);
        bench.done(bench.callOf("a1"));
        bench.now += 100 * MS;
        loop.turn();
        assertThat(client.commits).as("the first one was not answered").hasSize(1);
        client.answers.getFirst().accept(true);
        loop.turn();
        assertThat(client.commits).hasSize(2);
        assertThat(client.commits.getLast()).containsEntry(source(0), new Progress(1, 2, new long[] {1}));
        client.answers.getLast().accept(false);
        bench.now += 100 * MS;
        loop.turn();
        assertThat(client.commits).hasSize(3);
        client.answers.getLast().accept(true);
        bench.now += 100 * MS;
        loop.turn();
        assertThat(client.commits).as("nothing has changed").hasSize(3);
    }

    @Test
    void a_revocation_flushes_drains_commits_and_lets_go() {
        Bench bench = new Limits().size(10).linger(Duration.ofSeconds(1)).bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1", "b1");
        loop.turn();
        whileWaiting = () -> bench.done(bench.only());
        loop.revoked(sources(0));
        assertThat(waits).hasSize(1);
        assertThat(client.commits).containsExactly(Map.of(source(0), Progress.at(2)));
        assertThat(bench.engine.sources()).isEmpty();
    }

    @Test
    void a_revocation_waits_no_longer_than_its_budget() {
        Bench bench = new Limits().bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1", "b1");
        loop.turn();
        bench.done(bench.callOf("b1"));
        loop.revoked(sources(0));
        assertThat(waits).containsExactly(20 * MS, 20 * MS, 10 * MS);
        assertThat(client.commits).containsExactly(Map.of(source(0), new Progress(0, 2, new long[] {0})));
        assertThat(bench.engine.sources()).isEmpty();
    }

    @Test
    void what_is_lost_is_neither_waited_for_nor_committed() {
        Bench bench = new Limits().bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1", "a2");
        loop.turn();
        loop.lost(sources(0));
        assertThat(waits).isEmpty();
        assertThat(client.commits).isEmpty();
        assertThat(bench.engine.held()).isEqualTo(1);
    }

    @Test
    void a_stop_gives_everything_away() {
        Bench bench = new Limits().bench(3);
        loop(bench).stop();
        assertThat(client.commits).hasSize(1);
        assertThat(client.commits.getFirst()).containsOnlyKeys(source(0), source(1), source(2));
    }

    @Test
    void where_an_operator_moves_a_partition_that_is_committed_until_it_has_arrived() {
        Bench bench = new Limits().bench();
        Loop<String> loop = loop(bench);
        client.records = List.of("a1", "a2");
        loop.turn();
        loop.moved(Map.of(source(0), Progress.at(70)));
        assertThat(client.commits).containsExactly(Map.of(source(0), Progress.at(70)));
        bench.done(bench.only());
        assertThat(Objects.requireNonNull(bench.engine.progress(source(0)))).isEqualTo(Progress.at(70));
        bench.now += 100 * MS;
        loop.turn();
        assertThat(client.commits.getLast())
                .as("whether it arrived nobody knows")
                .isEqualTo(client.commits.getFirst());
        assertThat(client.commits).hasSize(2);
    }

    @Test
    void nothing_happens_where_nothing_is_assigned_revoked_or_moved() {
        Loop<String> loop = loop(new Limits().bench());
        loop.assigned(List.of());
        loop.revoked(List.of());
        loop.moved(Map.of());
        assertThat(client.asked).isEmpty();
    }
}
