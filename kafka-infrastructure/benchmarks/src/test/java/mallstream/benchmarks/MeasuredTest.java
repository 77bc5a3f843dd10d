package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeasuredTest {

    @Test
    void another_process_reads_what_was_measured() {
        Measured measured =
                new Measured(1, 2.5, 3.25, 4.125, 5e9, 6, 7, 8, 9, 10, 11, 12, 1L << 42, 13, 1L << 40, 1L << 41);
        assertThat(Measured.of(measured.word())).isEqualTo(measured);
    }
}
