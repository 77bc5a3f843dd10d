package mallstream.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The engine and its peers side by side: the same handler, the same bound of records in flight, the same broker, each run
 * in a JVM of its own. Each round begins with another arm, so that whatever else the machine does meets all of them.
 */
final class Speed {
    private static final String OPTIONS = "-Xmx1g -XX:+UseG1GC";
    private static final int KEYS = 1_000;

    private final List<Cell> cells;
    private final Set<Candidates> arms;
    private final int partitions;
    private final int rounds;
    private final String options;
    private final Map<String, String> set;
    private final Sizing sizing;
    private final Limits limits;
    private final String bootstrap;
    private final Set<String> filled = new HashSet<>();
    private int runs;

    private Speed(Parameters given, String bootstrap) {
        this.bootstrap = bootstrap;
        List<Cell> all = Cell.all();
        String names = all.stream().map(Cell::name).collect(Collectors.joining(","));
        List<String> wanted = given.words("cells", names, "0-200,1ms-200,call-hot");
        cells = all.stream().filter(each -> wanted.contains(each.name())).toList();
        String everybody =
                Arrays.stream(Candidates.values()).map(Candidates::word).collect(Collectors.joining(","));
        arms = given.words("arms", everybody, everybody).stream()
                .map(Candidates::of)
                .collect(Collectors.toSet());
        partitions = given.number("partitions", 8, 8);
        rounds = given.number("rounds", 3, 1);
        options = given.text("jvm", OPTIONS, OPTIONS);
        set = Trial.options(given.text("engine", "", ""));
        sizing = new Sizing(given.number("millis", 3_000, 300) / 1e3, given.number("most", 8 << 20, 1 << 18));
        limits = new Limits(options);
    }

    /**
     * @param arguments none, or {@code --smoke}
     */
    public static void main(String[] arguments) {
        Parameters given = Parameters.of(arguments);
        try (Child broker = BrokerProcess.start()) {
            new Speed(given, BrokerProcess.address(broker)).all();
        }
    }

    private void all() {
        for (Cell cell : cells) {
            Out.line("### %s%n", cell.title());
            List<Result> results = run(cell);
            Out.print(table(results));
            Out.print("");
        }
    }

    private List<Result> run(Cell cell) {
        List<Result> results = cell.arms().stream()
                .filter(arms::contains)
                .map(each -> new Result(each, new ArrayList<>()))
                .collect(Collectors.toCollection(ArrayList::new));
        List<Result> order = new ArrayList<>(results);
        for (int round = 1; round <= rounds; round++) {
            for (Result each : order) {
                run(cell, each);
            }
            Collections.rotate(order, -1);
        }
        return results;
    }

    private void run(Cell cell, Result result) {
        if (result.failed != null) {
            return;
        }
        Candidates arm = result.arm;
        int records = sizing.records(arm, cell);
        Load load = new Load(records, KEYS, cell.keys());
        if (filled.add(load.topic())) {
            FillTopic.run(bootstrap, load, partitions);
        }
        int warmUp = Sizing.warmUp(records);
        Trial trial = new Trial(
                arm,
                bootstrap,
                arm.word() + "-" + ++runs,
                load,
                cell.work(),
                cell.inFlight(),
                cell.maxHeld(),
                warmUp,
                0,
                arm.ours() ? set : Map.of());
        try {
            Measured measured = RunTrial.in(trial, options);
            sizing.managed(arm, cell, measured);
            if (arm == Candidates.PLAIN && cell.work() == Work.NONE) {
                limits.plain(cell.keys(), measured.rate());
            }
            result.rounds.add(new Round(measured, limits.of(cell, load, warmUp, arm.ordered())));
            Out.note(
                    "%s, %s: %,.0f records/s in %.1f s, %.1f us, load %.1f",
                    cell.name(),
                    arm.word(),
                    measured.rate(),
                    measured.seconds(),
                    measured.cpuMicros(),
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        } catch (RunTrial.Failed e) {
            result.failed = e.what();
            Out.note("%s, %s: %s", cell.name(), arm.word(), e.what());
        }
    }

    private static Table table(List<Result> results) {
        Table table = new Table(
                "arm",
                "records",
                "records/s",
                "least to most",
                "of the limit",
                "CPU µs/record",
                "bytes/record",
                "most held",
                "overlaps",
                "out of order",
                "again");
        for (Result each : results) {
            String failed = each.failed;
            if (failed != null) {
                table.row(each.arm.word(), "", failed, "", "", "", "", "", "", "", "");
                continue;
            }
            Round median = each.median();
            Measured measured = median.measured();
            table.row(
                    each.arm.word(),
                    Out.text("%,d", measured.records()),
                    Out.text("%,.0f", measured.rate()),
                    Out.text("%,.0f to %,.0f", each.least(), each.most()),
                    median.limit() == 0 ? "" : Out.text("%.1f %%", 100 * measured.rate() / median.limit()),
                    Out.text("%.1f", measured.cpuMicros()),
                    Out.text("%,.0f", measured.bytes()),
                    Out.text("%,d", each.mostHeld()),
                    Out.text("%,d", measured.overlaps()),
                    Out.text("%,d", measured.inversions()),
                    Out.text("%,d", measured.again()));
        }
        return table;
    }
}
