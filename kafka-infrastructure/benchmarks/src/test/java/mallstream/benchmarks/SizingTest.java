package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SizingTest {
    private static final Cell CELL = new Cell("cell", Work.SHORT, Keys.UNIFORM, 200, 1_000, List.of(Candidates.ENGINE));

    private final Sizing sizing = new Sizing(3, 1 << 20);

    @Test
    void a_run_gets_what_the_one_before_managed_in_so_many_seconds_and_a_quarter_to_warm_up() {
        sizing.managed(Candidates.ENGINE, CELL, rate(10_000));
        int records = sizing.records(Candidates.ENGINE, CELL);
        assertThat(records - Sizing.warmUp(records)).isBetween(24_000, 37_000);
    }

    @Test
    void a_load_is_never_larger_than_the_largest() {
        sizing.managed(Candidates.ENGINE, CELL, rate(10_000_000));
        assertThat(sizing.records(Candidates.ENGINE, CELL)).isEqualTo(1 << 20);
    }

    @Test
    void sizes_are_few_so_that_runs_share_topics() {
        sizing.managed(Candidates.ENGINE, CELL, rate(11_000));
        int one = sizing.records(Candidates.ENGINE, CELL);
        sizing.managed(Candidates.ENGINE, CELL, rate(12_000));
        assertThat(sizing.records(Candidates.ENGINE, CELL)).isEqualTo(one);
    }

    private static Measured rate(int perSecond) {
        return new Measured(perSecond, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1);
    }
}
