package mallstream.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Five of a thousand keys fail for ever: what becomes of the others' rate. Each arm runs for some windows of time with and
 * without the five, and the healthy records of each window are compared.
 */
final class Poison {
    private static final int WINDOWS = 5;

    private final Bench bench;
    private final Set<Candidates> arms;
    private final List<Target> targets;

    /**
     * @param bench where it runs
     * @param arms who may run
     * @param targets where its own goes
     */
    Poison(Bench bench, Set<Candidates> arms, List<Target> targets) {
        this.bench = bench;
        this.arms = arms;
        this.targets = targets;
    }

    /** Runs it and prints what it gave. */
    void run() {
        int window = bench.smoke() ? 1_000 : 4_000;
        Load load = bench.filled(new Load(bench.smoke() ? 1 << 18 : 1 << 19, Bench.KEYS, Keys.UNIFORM));
        Out.line(
                "## poison: 5 of 1,000 keys fail for ever, 10ms, 200 in flight; healthy records/s in windows of %.0f s%n",
                window / 1e3);
        String[] head = new String[WINDOWS + 3];
        Arrays.fill(head, "");
        head[0] = "arm";
        head[1] = "failing keys";
        for (int i = 0; i < WINDOWS; i++) {
            head[2 + i] = "window " + (i + 1);
        }
        head[WINDOWS + 2] = "worst window of those without";
        Table table = new Table(head);
        for (Candidates each : List.of(Candidates.PARALLEL_CONSUMER, Candidates.ENGINE)) {
            if (arms.contains(each)) {
                run(each, load, window, table);
            }
        }
        Out.print(table);
        Out.print("");
    }

    private void run(Candidates arm, Load load, int window, Table table) {
        List<Integer> healthy = windows(arm, load, window, 0);
        row(table, arm, 0, healthy, "");
        List<Integer> poisoned = windows(arm, load, window, RunPoison.FAILING);
        double worst = Double.MAX_VALUE;
        for (int i = 0; i < Math.min(healthy.size(), poisoned.size()); i++) {
            worst = Math.min(worst, (double) poisoned.get(i) / healthy.get(i));
        }
        String share = Out.text("%.1f %%", 100 * worst);
        row(table, arm, RunPoison.FAILING, poisoned, share);
        if (arm == Candidates.ENGINE) {
            targets.add(new Target(
                    "poison: healthy keys keep >= 95 % of their rate in every window", share, worst >= 0.95));
        }
    }

    private static void row(Table table, Candidates arm, int failing, List<Integer> windows, String share) {
        List<Object> cells = new ArrayList<>(List.of(arm.word(), failing));
        windows.forEach(each -> cells.add(Out.text("%,d", each)));
        cells.add(share);
        table.row(cells.toArray());
    }

    private List<Integer> windows(Candidates arm, Load load, int millis, int failing) {
        Map<String, String> settings = bench.settings(arm);
        if (arm.ours()) {
            settings = new HashMap<>(settings);
            settings.put("attempts", "100");
        }
        Trial trial =
                new Trial(arm, bench.bootstrap(), bench.name("poison"), load, Work.LONG, 200, 50_000, 0, 0, settings);
        List<Integer> windows = RunPoison.in(trial, millis, WINDOWS, failing, bench.options());
        Out.note(
                "poison, %s, %d failing: %s",
                arm.word(), failing, windows.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        return windows;
    }
}
