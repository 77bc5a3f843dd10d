package mallstream.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetsTest {

    @Test
    void a_ratio_is_met_at_its_bound_and_not_below() {
        assertThat(met(500, 1_000, "0-200: rate >= 0.5 of the plain loop")).isTrue();
        assertThat(met(499, 1_000, "0-200: rate >= 0.5 of the plain loop")).isFalse();
    }

    @Test
    void a_target_whose_arms_were_not_measured_is_left_out() {
        assertThat(Targets.of(Map.of("0-200", List.of(result(Candidates.PLAIN, 1_000, 0)))))
                .isEmpty();
    }

    @Test
    void one_record_out_of_order_is_one_too_many() {
        assertThat(Targets.of(Map.of("1ms-200", List.of(result(Candidates.ENGINE, 1_000, 1)))))
                .filteredOn(each -> each.what().startsWith("all cells, ordered"))
                .singleElement()
                .matches(each -> !each.met());
    }

    private static boolean met(int engine, int plain, String what) {
        return Targets.of(Map.of(
                        "0-200", List.of(result(Candidates.PLAIN, plain, 0), result(Candidates.ENGINE, engine, 0))))
                .stream()
                .filter(each -> each.what().equals(what))
                .findFirst()
                .orElseThrow()
                .met();
    }

    private static Result result(Candidates arm, int rate, int inversions) {
        Measured measured = new Measured(rate, 1, 0, 0, 0, 0, 0, inversions, 0, 0, 0, 0, 0, -1, -1, -1);
        return new Result(arm, new ArrayList<>(List.of(new Round(measured, 2_000))));
    }
}
