package mallstream.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How long the records of other malls are on their way while one mall has 60 % of all, and without that mall. Records
 * arrive at a fixed rate that is far below what the engine can handle, so that it is no backlog that is measured.
 */
final class Arrivals {
    private static final int OTHERS_PER_SECOND = 4_000;
    private static final int ALL_PER_SECOND = 10_000;
    /** In hundredths: by then the JVM is warm, and what arrived before it was there is worked off. */
    private static final int WARM_UP = 50;

    private final Bench bench;
    private final List<Target> targets;

    /**
     * @param bench where it runs
     * @param targets where its own goes
     */
    Arrivals(Bench bench, List<Target> targets) {
        this.bench = bench;
        this.targets = targets;
    }

    /** Runs it and prints what it gave. */
    void run() {
        Out.line("## arrivals: 1 ms a call and 10 µs a record, batches of one key up to 100, 200 calls in flight%n");
        int seconds = bench.smoke() ? 6 : 12;
        List<Integer> without = new ArrayList<>();
        List<Integer> with = new ArrayList<>();
        try {
            for (int round = 1; round <= bench.rounds(); round++) {
                // Other numbers of records, as the topic of a load has its name by them and each is filled once.
                without.add(p99(Keys.COLD, OTHERS_PER_SECOND, OTHERS_PER_SECOND * seconds + round));
                with.add(p99(Keys.HOT, ALL_PER_SECOND, ALL_PER_SECOND * seconds + round));
            }
        } catch (RunTrial.Failed e) {
            Out.line("no result: %s%n", e.what());
            return;
        }
        double one = median(without);
        double two = median(with);
        Out.print(new Table("999 malls, " + OTHERS_PER_SECOND + " records/s", "p99 from due to handled, ms", "rounds")
                .row("alone", Out.text("%.1f", one / 1e3), millis(without))
                .row("beside a mall with 6,000 records/s", Out.text("%.1f", two / 1e3), millis(with)));
        Out.print("");
        targets.add(new Target(
                "arrivals: p99 of the other malls beside a hot one <= 2 x theirs without it",
                Out.text("%.2f (%.1f ms to %.1f ms)", two / one, two / 1e3, one / 1e3),
                two <= 2 * one));
    }

    private int p99(Keys keys, int rate, int records) throws RunTrial.Failed {
        Load load = new Load(records, Bench.KEYS, keys);
        Child filler = FillTopic.start(bench.bootstrap(), load, bench.partitions(), rate);
        try (filler) {
            Trial trial = new Trial(
                    Candidates.ENGINE_BATCH,
                    bench.bootstrap(),
                    bench.name("arrivals"),
                    load,
                    Work.CALL,
                    200,
                    20_000,
                    (int) (records / 100L * WARM_UP),
                    records,
                    bench.oneKey());
            Measured measured = RunTrial.in(trial, bench.options() + " -Dbenchmark.timed=true");
            Out.note("arrivals, %s: p99 %,d us", keys.word(), measured.p99());
            return measured.p99();
        }
    }

    private static double median(List<Integer> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String millis(List<Integer> values) {
        return values.stream().map(each -> Out.text("%.1f", each / 1e3)).collect(Collectors.joining(", "));
    }
}
