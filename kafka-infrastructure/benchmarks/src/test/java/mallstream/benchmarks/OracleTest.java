package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OracleTest {
    private final Oracle oracle = new Oracle(10, 2);

    @Test
    void records_of_a_key_one_after_the_other_are_no_violation() {
        work(new Event(0, 0, 0, 0));
        work(new Event(1, 1, 0, 0));
        work(new Event(2, 0, 1, 0));
        assertThat(oracle.violations()).isZero();
        assertThat(oracle.done()).isEqualTo(3);
    }

    @Test
    void a_record_that_begins_beside_another_one_of_its_key_is_a_violation() {
        oracle.begins(new Event(0, 0, 0, 0));
        oracle.begins(new Event(1, 0, 1, 0));
        assertThat(oracle.violations()).isEqualTo(1);
    }

    @Test
    void a_record_that_begins_before_the_one_that_precedes_it_is_a_violation() {
        work(new Event(1, 0, 1, 0));
        assertThat(oracle.violations()).isEqualTo(1);
    }

    @Test
    void a_record_that_comes_again_is_counted_and_done_once() {
        work(new Event(0, 0, 0, 0));
        work(new Event(0, 0, 0, 0));
        assertThat(oracle.again()).isEqualTo(1);
        assertThat(oracle.done()).isEqualTo(1);
        assertThat(oracle.violations()).isZero();
    }

    private void work(Event event) {
        oracle.begins(event);
        oracle.ends(event);
    }
}
