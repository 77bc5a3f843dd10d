package mallstream.kafka.consume.sim;

import org.jspecify.annotations.Nullable;

/**
 * Runs the simulation for longer than a test run may, or replays one seed. From the root of the project:
 *
 * <pre>
 *   ./mvnw -q test-compile -pl kafka-infrastructure -am
 *   java -cp kafka-infrastructure/target/test-classes:kafka-infrastructure/target/classes \
 *       mallstream.kafka.consume.sim.Simulate 1000000        # so many seeds, from one that the clock gives
 *   java -cp ... mallstream.kafka.consume.sim.Simulate 1000000 42   # from seed 42
 *   java -cp ... -Dsim.seed=42 mallstream.kafka.consume.sim.Simulate    # this one, with a trace
 * </pre>
 *
 * <p>It ends at the first seed in which something does not hold, with 1 as the exit code.
 */
public final class Simulate {
    private Simulate() {}

    /** @param args how many seeds, and the first one; both may be missing */
    public static void main(String[] args) {
        Long replayed = Long.getLong("sim.seed");
        if (replayed != null) {
            System.exit(replay(replayed) ? 0 : 1);
        }
        long seeds = args.length > 0 ? Long.parseLong(args[0]) : 100_000;
        long first = args.length > 1 ? Long.parseLong(args[1]) : System.currentTimeMillis();
        System.out.println(seeds + " seeds from " + first);
        long started = System.nanoTime();
        for (long seed = first; seed < first + seeds; seed++) {
            String broken = Simulation.run(seed, null);
            if (broken != null) {
                System.out.println("-Dsim.seed=" + seed + " breaks: " + broken);
                System.exit(1);
            }
            if ((seed - first + 1) % 10_000 == 0) {
                System.out.println((seed - first + 1) + " seeds hold, " + perSecond(seed - first + 1, started));
            }
        }
        System.out.println("all hold, " + perSecond(seeds, started));
    }

    private static boolean replay(long seed) {
        @Nullable String broken = Simulation.run(seed, System.out::println);
        System.out.println(broken == null ? "holds" : broken);
        return broken == null;
    }

    private static String perSecond(long seeds, long started) {
        return Math.round(seeds / ((System.nanoTime() - started) / 1e9)) + " a second";
    }
}
