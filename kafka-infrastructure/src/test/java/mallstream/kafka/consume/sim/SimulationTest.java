package mallstream.kafka.consume.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Lives of a subscription, other ones in each run. {@code -Dsim.seeds} says how many, {@code -Dsim.seed} replays one with
 * its trace. {@link Simulate} runs for longer.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("sim.seeds", 10_000);

    @Test
    void every_guarantee_holds_whatever_goes_wrong() {
        Long replayed = Long.getLong("sim.seed");
        if (replayed != null) {
            assertThat(Simulation.run(replayed, System.out::println)).isNull();
            return;
        }
        long first = System.currentTimeMillis();
        System.out.println(SEEDS + " seeds from " + first);
        for (long seed = first; seed < first + SEEDS; seed++) {
            String broken = Simulation.run(seed);
            assertThat(broken)
                    .as("to see how it comes about: "
                            + "./mvnw test -pl kafka-infrastructure -am -Dtest=SimulationTest -Dsim.seed=" + seed
                            + " -Dsurefire.failIfNoSpecifiedTests=false, and read target/surefire-reports")
                    .isNull();
        }
    }

    @Test
    void a_seed_is_a_life_that_comes_again_as_it_was() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(trace(seed)).hasSizeGreaterThan(10).isEqualTo(trace(seed));
        }
    }

    private static List<String> trace(long seed) {
        List<String> trace = new ArrayList<>();
        Simulation.run(seed, trace::add);
        return trace;
    }
}
