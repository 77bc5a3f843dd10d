package mallstream.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The incident that started it all: a backlog of two million records meets a slow handler in a small heap. Each arm runs
 * until it has handled the first 300,000. What runs out of memory has a result, too.
 */
final class Memory {
    private static final int IN_FLIGHT = 500;
    private static final String SMALL = "-Xmx64m";
    private static final String LARGER = "-Xmx128m";

    private final Bench bench;
    private final Set<Candidates> arms;
    private final List<Target> targets;

    /**
     * @param bench where it runs
     * @param arms who may run
     * @param targets where its own goes
     */
    Memory(Bench bench, Set<Candidates> arms, List<Target> targets) {
        this.bench = bench;
        this.arms = arms;
        this.targets = targets;
    }

    /** Runs it and prints what it gave. */
    void run() {
        Load load = bench.filled(new Load(bench.smoke() ? 50_000 : 2_000_000, Bench.KEYS, Keys.UNIFORM));
        int until = bench.smoke() ? 20_000 : 300_000;
        Out.line("## memory: a backlog of %,d, 5ms, %d in flight, the first %,d%n", load.records(), IN_FLIGHT, until);
        Table table = new Table("arm", "heap", "seconds", "records/s", "CPU µs/record", "most held", "overlaps");
        double engine = 0;
        double best = Double.MAX_VALUE;
        for (Run each : runs()) {
            try {
                Trial trial = new Trial(
                        each.arm,
                        bench.bootstrap(),
                        bench.name(each.arm.word()),
                        load,
                        Work.MIDDLE,
                        IN_FLIGHT,
                        20_000,
                        1,
                        until,
                        bench.settings(each.arm));
                Measured measured = RunTrial.in(trial, each.heap);
                table.row(
                        each.arm.word(),
                        each.heap,
                        Out.text("%.1f", measured.seconds()),
                        Out.text("%,.0f", measured.rate()),
                        Out.text("%.1f", measured.cpuMicros()),
                        Out.text("%,d", measured.mostHeld()),
                        Out.text("%,d", measured.overlaps()));
                Out.note("memory, %s %s: %.1f s", each.arm.word(), each.heap, measured.seconds());
                if (each.arm == Candidates.ENGINE) {
                    engine = measured.seconds();
                } else if (each.heap.equals(SMALL) && !each.arm.ours()) {
                    best = Math.min(best, measured.seconds());
                }
            } catch (RunTrial.Failed e) {
                table.row(each.arm.word(), each.heap, e.what(), "", "", "", "");
                Out.note("memory, %s %s: %s", each.arm.word(), each.heap, e.what());
            }
        }
        Out.print(table);
        Out.print("");
        if (best < Double.MAX_VALUE && arms.contains(Candidates.ENGINE)) {
            targets.add(new Target(
                    "memory: seconds at -Xmx64m <= 1.1 x the fastest bounded peer's",
                    engine == 0 ? "no result" : Out.text("%.2f (%.1f s to %.1f s)", engine / best, engine, best),
                    engine > 0 && engine <= 1.1 * best));
        }
    }

    private List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (Candidates each : List.of(
                Candidates.SPRING_BATCH,
                Candidates.REACTOR_FLATMAP,
                Candidates.REACTOR_BUFFER,
                Candidates.ENGINE,
                Candidates.ENGINE_NONE,
                Candidates.PARALLEL_CONSUMER,
                Candidates.SEMAPHORE)) {
            if (arms.contains(each)) {
                boolean bounded = each != Candidates.PARALLEL_CONSUMER && each != Candidates.SEMAPHORE;
                runs.add(new Run(each, bounded ? SMALL : LARGER));
            }
        }
        return runs;
    }

    private record Run(Candidates arm, String heap) {}
}
