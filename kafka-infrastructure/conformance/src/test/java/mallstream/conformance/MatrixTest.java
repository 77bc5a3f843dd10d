package mallstream.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MatrixTest {
    private final Matrix matrix = new Matrix();

    @Test
    void no_findings_pass() {
        assertThat(cell()).isEqualTo("pass");
        assertThat(matrix.notes()).isEmpty();
    }

    @Test
    void a_cell_that_fails_names_oracle_and_counts() {
        assertThat(cell(new Finding(Oracle.LOSS, "1 of 4"))).isEqualTo("**FAIL** nothing lost: 1 of 4");
    }

    @Test
    void what_is_not_claimed_is_told_apart_and_has_a_note() {
        assertThat(cell(new Finding(Oracle.HELD, "most held 3"), new Finding(Oracle.LOSS, "1 of 4")))
                .isEqualTo("**FAIL** nothing lost: 1 of 4; not claimed: held <= bound: most held 3 [1]");
        assertThat(cell(new Finding(Oracle.HELD, "most held 4")))
                .isEqualTo("not claimed: held <= bound: most held 4 [1]");
        assertThat(matrix.notes()).isEqualTo("1. it says so");
    }

    private String cell(Finding... found) {
        return matrix.cell(new Nobody(), Scenario.GAPS, Protocol.CLASSIC, List.of(found));
    }

    /** Claims no bound. */
    private static final class Nobody implements Subject {
        @Override
        public String name() {
            return "nobody";
        }

        @Override
        public String group(String topic) {
            return topic;
        }

        @Override
        public Member start(Setup setup) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable String notClaimed(Scenario scenario, Protocol protocol, Oracle oracle) {
            return oracle == Oracle.HELD ? "it says so" : null;
        }
    }
}
