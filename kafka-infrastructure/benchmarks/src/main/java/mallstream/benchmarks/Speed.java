package mallstream.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import reactor.core.publisher.Flux;
import reactor.kafka.receiver.KafkaReceiver;

/**
 * The engine and its peers side by side: the same handler, the same bound of records in flight, the same broker, each run
 * in a JVM of its own. Each round begins with another arm, so that whatever else the machine does meets all of them.
 */
final class Speed {
    private static final Pattern VERSION = Pattern.compile("-(\\d[0-9.]*)\\.jar");
    private static final List<String> OTHERS = List.of("arrivals", "memory", "poison", "members");

    private final Bench bench;
    private final Parameters given;
    private final List<String> wanted;
    private final Set<Candidates> arms;
    private final Sizing sizing;
    private final Limits limits;
    private final Map<String, List<Result>> results = new HashMap<>();
    private final List<Target> targets = new ArrayList<>();

    private Speed(Parameters given, String bootstrap) {
        this.given = given;
        bench = new Bench(given, bootstrap);
        List<String> names = new ArrayList<>(Cell.all().stream().map(Cell::name).toList());
        names.addAll(OTHERS);
        wanted = given.words("cells", String.join(",", names), "0-200,1ms-200,call-hot," + String.join(",", OTHERS));
        wanted.stream().filter(each -> !names.contains(each)).findAny().ifPresent(unknown -> {
            throw new IllegalArgumentException("no cell is named " + unknown + "; known: " + names);
        });
        String everybody =
                Arrays.stream(Candidates.values()).map(Candidates::word).collect(Collectors.joining(","));
        arms = given.words("arms", everybody, everybody).stream()
                .map(Candidates::of)
                .collect(Collectors.toSet());
        sizing = new Sizing(given.number("millis", 3_000, 300) / 1e3, given.number("most", 8 << 20, 1 << 18));
        limits = new Limits(bench.options());
    }

    /** @param arguments none, or {@code --smoke} */
    public static void main(String[] arguments) {
        Parameters given = Parameters.of(arguments);
        String out = given.text("out", "", "");
        if (!out.isEmpty()) {
            Out.alsoTo(Path.of(out));
        }
        try (Child broker = BrokerProcess.start()) {
            new Speed(given, BrokerProcess.address(broker)).all();
        }
    }

    private void all() {
        long started = System.nanoTime();
        Out.line("# The engine beside its peers%n");
        Out.line("Printed by `kafka-infrastructure/benchmarks/speed`; what arms, cells and columns mean stands in"
                + " [its README](../kafka-infrastructure/benchmarks/README.md).%n");
        Out.line(
                "%s, %d processors, %.0f GB of memory, %s %s, Java %s; kafka-clients %s, spring-kafka %s, "
                        + "parallel-consumer-core %s, reactor-kafka %s, reactor-core %s. %d partitions, records of %d bytes, "
                        + "%,d keys, median of %d rounds, each for about %.1f s after its warm-up; JVM %s%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                memory() / 1e9,
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                jar(KafkaConsumer.class),
                jar(KafkaMessageListenerContainer.class),
                jar(ParallelConsumerOptions.class),
                jar(KafkaReceiver.class),
                jar(Flux.class),
                bench.partitions(),
                Event.BYTES,
                Bench.KEYS,
                bench.rounds(),
                given.number("millis", 3_000, 300) / 1e3,
                bench.options());
        for (Cell cell : Cell.all()) {
            if (wanted.contains(cell.name())) {
                Out.line("## %s%n", cell.title());
                List<Result> done = run(cell);
                results.put(cell.name(), done);
                Out.print(table(done));
                Out.print("");
            }
        }
        if (wanted.contains("arrivals")) {
            new Arrivals(bench, targets).run();
        }
        if (wanted.contains("memory")) {
            new Memory(bench, arms, targets).run();
        }
        if (wanted.contains("poison")) {
            new Poison(bench, arms, targets).run();
        }
        if (wanted.contains("members")) {
            new Members(bench, arms, targets).run();
        }
        Out.line("## Targets%n");
        targets.addAll(0, Targets.of(results));
        Table table = new Table("target", "measured", "met");
        targets.forEach(each -> table.row(each.what(), each.measured(), each.met() ? "yes" : "no"));
        Out.print(table);
        Out.note("%.0f minutes", (System.nanoTime() - started) / 6e10);
    }

    private static double memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** The version in the name of the jar that a class is from. */
    private static String jar(Class<?> type) {
        String path = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        Matcher version = VERSION.matcher(path);
        return version.find() ? version.group(1) : "unknown";
    }

    private List<Result> run(Cell cell) {
        List<Result> all = cell.arms().stream()
                .filter(arms::contains)
                .map(each -> new Result(each, new ArrayList<>()))
                .collect(Collectors.toCollection(ArrayList::new));
        List<Result> order = new ArrayList<>(all);
        for (int round = 1; round <= bench.rounds(); round++) {
            for (Result each : order) {
                run(cell, each);
            }
            Collections.rotate(order, -1);
        }
        return all;
    }

    private void run(Cell cell, Result result) {
        if (result.failed != null) {
            return;
        }
        Candidates arm = result.arm;
        int records = sizing.records(arm, cell);
        Load load = bench.filled(new Load(records, Bench.KEYS, cell.keys()));
        int warmUp = Sizing.warmUp(records);
        Trial trial = new Trial(
                arm,
                bench.bootstrap(),
                bench.name(arm.word()),
                load,
                cell.work(),
                cell.inFlight(),
                cell.maxHeld(),
                warmUp,
                0,
                cell.work() == Work.CALL && arm == Candidates.ENGINE_BATCH ? bench.oneKey() : bench.settings(arm));
        try {
            Measured measured = RunTrial.in(trial, bench.options());
            sizing.managed(arm, cell, measured);
            if (arm == Candidates.PLAIN && cell.work() == Work.NONE) {
                limits.plain(cell.keys(), measured.rate());
            }
            result.rounds.add(new Round(measured, limits.of(cell, measured, arm.ordered())));
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
