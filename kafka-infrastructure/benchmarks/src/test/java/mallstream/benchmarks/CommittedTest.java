package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommittedTest {
    private final Committed committed = new Committed(10, 15, new long[] {10, 12}, 20);

    @Test
    void it_covers_what_is_below_the_frontier_and_what_is_finished_above() {
        assertThat(committed.covers(9)).isTrue();
        assertThat(committed.covers(11)).isTrue();
        assertThat(committed.covers(14)).isTrue();
        assertThat(committed.above()).isEqualTo(3);
    }

    @Test
    void it_covers_nothing_that_is_open_or_beyond_its_end() {
        assertThat(committed.covers(10)).isFalse();
        assertThat(committed.covers(12)).isFalse();
        assertThat(committed.covers(15)).isFalse();
    }
}
