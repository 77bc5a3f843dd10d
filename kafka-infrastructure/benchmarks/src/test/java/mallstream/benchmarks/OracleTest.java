package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OracleTest {
    private final Oracle oracle = new Oracle(10, 2, false);

    @Test
    void records_of_a_key_one_after_the_other_are_no_violation() {
        work(new Event(0, 0, 0, 0));
        work(new Event(1, 1, 0, 0));
        work(new Event(2, 0, 1, 0));
        assertThat(oracle.overlaps()).isZero();
        assertThat(oracle.inversions()).isZero();
        assertThat(oracle.ended()).isEqualTo(3);
        assertThat(oracle.endedAtLeast(1)).isEqualTo(3);
    }

    @Test
    void a_record_that_begins_beside_another_one_of_its_key_is_an_overlap() {
        begins(new Event(0, 0, 0, 0), 1);
        begins(new Event(1, 0, 1, 0), 2);
        assertThat(oracle.overlaps()).isEqualTo(1);
        assertThat(oracle.inversions()).isZero();
    }

    @Test
    void records_of_one_call_do_not_overlap() {
        begins(new Event(0, 0, 0, 0), 1);
        begins(new Event(1, 0, 1, 0), 1);
        ends(new Event(0, 0, 0, 0), 1);
        ends(new Event(1, 0, 1, 0), 1);
        assertThat(oracle.overlaps()).isZero();
        assertThat(oracle.inversions()).isZero();
    }

    @Test
    void a_record_that_begins_before_the_one_that_precedes_it_is_out_of_order() {
        work(new Event(1, 0, 1, 0));
        assertThat(oracle.inversions()).isEqualTo(1);
    }

    @Test
    void a_record_that_comes_again_is_counted() {
        work(new Event(0, 0, 0, 0));
        work(new Event(0, 0, 0, 0));
        assertThat(oracle.endedAtLeast(2)).isEqualTo(1);
        assertThat(oracle.endedAtLeast(1)).isEqualTo(1);
        assertThat(oracle.inversions()).isZero();
    }

    private void work(Event event) {
        begins(event, event.number() + 1);
        ends(event, event.number() + 1);
    }

    private void begins(Event event, int call) {
        oracle.begins(event.valueBytes(), call);
    }

    private void ends(Event event, int call) {
        oracle.ends(event.valueBytes(), call);
    }
}
