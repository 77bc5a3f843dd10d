package mallstream.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import mallstream.conformance.Event.Assigned;
import mallstream.conformance.Event.Begun;
import mallstream.conformance.Event.Committed;
import mallstream.conformance.Event.Ended;
import mallstream.conformance.Event.Forgotten;
import mallstream.conformance.Event.Gone;
import mallstream.conformance.Event.Moved;
import mallstream.conformance.Event.Paused;
import mallstream.conformance.Event.Place;
import mallstream.conformance.Event.Received;
import mallstream.conformance.Event.Removed;
import mallstream.conformance.Event.Resumed;
import mallstream.conformance.Event.Seen;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final String ONE = "m1";
    private static final String OTHER = "m2";

    private final List<Event> events = new ArrayList<>();
    private int keys = 2;

    @Test
    void a_history_as_it_should_be_has_no_findings() {
        assigned(ONE);
        received(ONE, 0, 1, 2, 3);
        handle(ONE, 0);
        committed(ONE, 1);
        handle(ONE, 1);
        gone(ONE);
        assigned(OTHER);
        received(OTHER, 1, 2, 3);
        handle(OTHER, 1);
        handle(OTHER, 2);
        handle(OTHER, 3);
        committed(OTHER, 4);
        seen(4);
        assertThat(judged()).isEmpty();
    }

    @Test
    void a_record_that_was_never_finished_is_lost() {
        handle(ONE, 0);
        handle(ONE, 1);
        handle(ONE, 2);
        begin(ONE, 3);
        assertThat(judged()).containsExactly(new Finding(Oracle.LOSS, "1 of 4 records were never finished"));
    }

    @Test
    void a_record_that_begins_before_the_one_that_precedes_it_in_its_key_is_out_of_turn() {
        handle(ONE, 0);
        handle(ONE, 3);
        handle(ONE, 1);
        handle(ONE, 2);
        assertThat(oracles()).containsExactly(Oracle.ORDER);
    }

    @Test
    void a_record_that_begins_after_one_that_failed_is_out_of_turn() {
        begin(ONE, 0);
        end(ONE, 0, false);
        handle(ONE, 2);
        handle(ONE, 0);
        handle(ONE, 1);
        handle(ONE, 3);
        assertThat(oracles()).containsExactly(Oracle.ORDER);
    }

    @Test
    void a_record_that_is_tried_again_is_in_turn() {
        begin(ONE, 0);
        end(ONE, 0, false);
        handleAll(ONE);
        assertThat(judged()).isEmpty();
    }

    @Test
    void a_record_that_failed_for_the_last_time_lets_the_next_one_begin() {
        for (int attempt = 0; attempt < 3; attempt++) {
            begin(ONE, 0);
            end(ONE, 0, false);
        }
        handle(ONE, 1);
        handle(ONE, 2);
        handle(ONE, 3);
        committed(ONE, 4);
        assertThat(judged()).isEmpty();
    }

    @Test
    void a_replay_that_goes_back_behind_a_commit_is_out_of_turn() {
        handleAll(ONE);
        committed(ONE, 3);
        handle(OTHER, 2);
        handle(OTHER, 3);
        assertThat(oracles()).containsExactly(Oracle.ORDER);
    }

    @Test
    void a_replay_that_leaves_out_what_follows_is_out_of_turn() {
        keys = 1;
        handleAll(ONE);
        handle(OTHER, 0);
        handle(OTHER, 2);
        handle(OTHER, 3);
        assertThat(oracles()).containsExactly(Oracle.ORDER);
    }

    @Test
    void two_calls_of_a_key_at_the_same_time_overlap() {
        handle(ONE, 0);
        begin(ONE, 2);
        begin(OTHER, 2);
        end(ONE, 2, true);
        end(OTHER, 2, true);
        handle(ONE, 1);
        handle(ONE, 3);
        assertThat(oracles()).containsExactly(Oracle.OVERLAP);
    }

    @Test
    void two_calls_of_different_keys_at_the_same_time_do_not_overlap() {
        begin(ONE, 0);
        begin(ONE, 1);
        end(ONE, 1, true);
        end(ONE, 0, true);
        handle(ONE, 2);
        handle(ONE, 3);
        assertThat(judged()).isEmpty();
    }

    @Test
    void a_commit_below_the_last_one_of_its_epoch_goes_back() {
        handleAll(ONE);
        assigned(ONE);
        committed(ONE, 3);
        committed(ONE, 2);
        assertThat(judged()).containsExactly(new Finding(Oracle.MONOTONIC, "1 commits went back"));
    }

    @Test
    void another_epoch_may_begin_below() {
        handleAll(ONE);
        assigned(ONE);
        committed(ONE, 3);
        gone(ONE);
        assigned(ONE);
        committed(ONE, 2);
        assertThat(judged()).isEmpty();
    }

    @Test
    void a_commit_above_an_unfinished_record_is_early() {
        handle(ONE, 0);
        begin(ONE, 1);
        committed(ONE, 2);
        end(ONE, 1, true);
        handle(ONE, 2);
        handle(ONE, 3);
        assertThat(judged())
                .containsExactly(new Finding(Oracle.COMMIT, "1 records were below a commit before they were finished"));
    }

    @Test
    void a_commit_that_only_the_broker_tells_of_is_early_as_well() {
        handle(ONE, 0);
        seen(4);
        handle(ONE, 1);
        handle(ONE, 2);
        handle(ONE, 3);
        assertThat(judged())
                .containsExactly(new Finding(Oracle.COMMIT, "3 records were below a commit before they were finished"));
    }

    @Test
    void more_records_than_the_bound_are_too_many() {
        received(ONE, 0, 1);
        handle(ONE, 0);
        received(ONE, 2, 3);
        handle(ONE, 1);
        handle(ONE, 2);
        handle(ONE, 3);
        assertThat(new Judge(places(), 3, 3).findings(events)).isEmpty();
        assertThat(new Judge(places(), 2, 3).findings(events))
                .containsExactly(new Finding(Oracle.HELD, "most held 3, bound 2"));
    }

    @Test
    void what_is_taken_away_is_not_held_any_more() {
        received(ONE, 0, 1, 2, 3);
        gone(ONE);
        received(ONE, 0, 1, 2, 3);
        handleAll(ONE);
        assertThat(judged()).isEmpty();
    }

    @Test
    void what_was_finished_before_and_does_not_come_again_is_not_held() {
        handle(ONE, 0);
        handle(ONE, 1);
        received(OTHER, 0, 1, 2, 3);
        handle(OTHER, 2);
        handle(OTHER, 3);
        assertThat(new Judge(places(), 2, 3).findings(events)).isEmpty();
    }

    @Test
    void what_was_finished_before_and_comes_again_is_held() {
        handle(ONE, 0);
        handle(ONE, 1);
        received(OTHER, 0, 1, 2, 3);
        handleAll(OTHER);
        assertThat(new Judge(places(), 2, 3).findings(events))
                .containsExactly(new Finding(Oracle.HELD, "most held 4, bound 2"));
    }

    @Test
    void a_record_that_is_hidden_must_not_be_handled() {
        handleAll(ONE);
        begin(ONE, 17);
        assertThat(oracles()).containsExactly(Oracle.VISIBLE);
    }

    @Test
    void nothing_may_begin_during_a_pause() {
        handle(ONE, 0);
        events.add(new Paused(ONE));
        handle(OTHER, 1);
        handle(ONE, 2);
        events.add(new Resumed(ONE));
        handle(ONE, 3);
        assertThat(judged()).containsExactly(new Finding(Oracle.PAUSED, "1 of 4 calls began during a pause"));
    }

    @Test
    void a_move_down_lets_records_come_again_and_one_up_lets_them_be_left_out() {
        handle(ONE, 0);
        handle(ONE, 1);
        committed(ONE, 2);
        events.add(new Moved(Map.of(0, 1L)));
        handle(ONE, 1);
        committed(ONE, 2);
        events.add(new Moved(Map.of(0, 3L)));
        handle(ONE, 3);
        committed(ONE, 4);
        assertThat(judged()).isEmpty();
    }

    @Test
    void what_was_removed_is_not_lost_and_what_follows_it_is_in_turn() {
        handle(ONE, 0);
        events.add(new Removed(Map.of(0, 3L)));
        handle(ONE, 3);
        committed(ONE, 4);
        assertThat(judged()).isEmpty();
    }

    @Test
    void all_may_come_again_where_the_commits_were_removed() {
        handleAll(ONE);
        committed(ONE, 4);
        events.add(new Forgotten());
        handleAll(OTHER);
        assertThat(judged()).isEmpty();
    }

    /** Four records of one partition. Where there are two keys, the offsets 0 and 2 have one, 1 and 3 the other. */
    private List<Place> places() {
        return LongStream.range(0, 4).mapToObj(this::place).toList();
    }

    private Place place(long offset) {
        return new Place(0, offset, "key-" + offset % keys);
    }

    private List<Finding> judged() {
        return new Judge(places(), 4, 3).findings(events);
    }

    private List<Oracle> oracles() {
        return judged().stream().map(Finding::oracle).toList();
    }

    private void begin(String member, long offset) {
        events.add(new Begun(member, place(offset)));
    }

    private void end(String member, long offset, boolean done) {
        events.add(new Ended(member, place(offset), done));
    }

    private void handle(String member, long offset) {
        begin(member, offset);
        end(member, offset, true);
    }

    private void handleAll(String member) {
        places().forEach(each -> handle(member, each.offset()));
    }

    private void received(String member, long... offsets) {
        events.add(new Received(member, 0, LongStream.of(offsets).boxed().toList()));
    }

    private void assigned(String member) {
        events.add(new Assigned(member, Set.of(0)));
    }

    private void gone(String member) {
        events.add(new Gone(member, Set.of(0)));
    }

    private void committed(String member, long offset) {
        events.add(new Committed(member, Map.of(0, offset)));
    }

    private void seen(long offset) {
        events.add(new Seen(Map.of(0, offset)));
    }
}
