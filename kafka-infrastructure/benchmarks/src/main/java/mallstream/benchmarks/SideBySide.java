package mallstream.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The candidates side by side: the same handler, the same bound of records in flight, the same broker, each run in a JVM of
 * its own. Rounds alternate between the candidates, so that whatever else the machine does meets all of them.
 *
 * <p>A load is as large as a candidate needs to be busy for some seconds: what takes one of them ten seconds, another has
 * done before its JVM is warm.
 */
final class SideBySide {
    private static final String OPTIONS = "-Xmx512m -XX:+UseG1GC";

    private static final int SAMPLE = 10_000;

    private final List<Candidates> candidates;
    private final List<Work> works;
    private final Keys keys;
    private final int keyCount;
    private final int partitions;
    private final int inFlight;
    private final int held;
    private final int rounds;
    private final int seconds;
    private final int fastest;
    private final String options;
    private final Set<String> filled = new HashSet<>();

    private SideBySide(Parameters given) {
        String all = Arrays.stream(Candidates.values()).map(Candidates::word).collect(Collectors.joining(","));
        candidates =
                given.words("candidates", all, all).stream().map(Candidates::of).toList();
        works = given.words("works", "0,1ms,10ms,stragglers", "0,1ms").stream()
                .map(Work::of)
                .toList();
        keys = Keys.valueOf(given.text("keys", "uniform", "uniform").toUpperCase(Locale.ROOT));
        keyCount = given.number("key-count", 1000, 1000);
        partitions = given.number("partitions", 8, 8);
        inFlight = given.number("in-flight", 64, 64);
        held = given.number("held", 1000, 1000);
        rounds = given.number("rounds", 3, 1);
        seconds = given.number("seconds", 8, 1);
        fastest = given.number("fastest", 60_000, 30_000);
        options = given.text("jvm", OPTIONS, OPTIONS);
    }

    /** @param arguments none, or {@code --smoke} */
    public static void main(String[] arguments) {
        SideBySide run = new SideBySide(Parameters.of(arguments));
        try (Child broker = BrokerProcess.start()) {
            run.all(BrokerProcess.address(broker));
        }
    }

    private void all(String bootstrap) {
        Out.line(
                "%d processors, Java %s; %d in flight, %d held, %d partitions, %d keys %s, records of %d bytes, %d rounds, JVM %s",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                inFlight,
                held,
                partitions,
                keyCount,
                keys.word(),
                Event.BYTES,
                rounds,
                options);
        Map<String, List<Measured>> results = new HashMap<>();
        int run = 0;
        for (Work work : works) {
            for (int round = 1; round <= rounds; round++) {
                for (Candidates each : candidates) {
                    Load load = load(each, work);
                    if (filled.add(load.topic())) {
                        FillTopic.run(bootstrap, load, partitions);
                    }
                    String name = each.word() + "-" + ++run;
                    Measured measured = RunTrial.in(
                            new Trial(each, bootstrap, name, load, inFlight, held, load.records() / 5), options);
                    results.computeIfAbsent(work + " " + each, key -> new ArrayList<>())
                            .add(measured);
                    Out.line(
                            "%s, %s, round %d: %,.0f records/s in %.1f s; the machine's load is %.1f",
                            work.word(),
                            each.word(),
                            round,
                            measured.rate(),
                            measured.seconds(),
                            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                }
            }
        }
        Out.print("");
        Out.print(table(results));
    }

    private Load load(Candidates candidate, Work work) {
        double shortest = new Load(SAMPLE, keyCount, keys, work).shortestSeconds(candidate.parallelism(inFlight));
        double rate = shortest == 0 ? fastest : Math.min(fastest, SAMPLE / shortest);
        int records = Math.max(500, (int) (rate * seconds));
        return new Load(records, keyCount, keys, work);
    }

    private Table table(Map<String, List<Measured>> results) {
        Table table = new Table(
                "work",
                "candidate",
                "records",
                "records/s (median)",
                "least to most",
                "of the limit",
                "CPU µs/record",
                "bytes/record",
                "most held",
                "order violations");
        for (Work work : works) {
            double limit = limit(work);
            for (Candidates each : candidates) {
                List<Measured> rounds = results.getOrDefault(work + " " + each, List.of()).stream()
                        .sorted(Comparator.comparingDouble(Measured::rate))
                        .toList();
                Measured median = rounds.get(rounds.size() / 2);
                Load load = load(each, work);
                table.row(
                        work.word(),
                        each.word(),
                        load.records(),
                        Out.text("%,.0f", median.rate()),
                        Out.text(
                                "%,.0f to %,.0f",
                                rounds.getFirst().rate(), rounds.getLast().rate()),
                        limit == 0 ? "" : Out.text("%.1f %%", 100 * median.rate() / limit),
                        Out.text("%.1f", median.cpuMicros()),
                        Out.text("%,.0f", median.bytes()),
                        rounds.stream().mapToInt(Measured::mostHeld).max().orElse(0),
                        rounds.stream().mapToInt(Measured::violations).sum());
            }
        }
        return table;
    }

    /** Records per second that the bounds allow, in the largest load: in a small one, one straggler is the limit. 0: none. */
    private double limit(Work work) {
        Load largest = candidates.stream()
                .map(each -> load(each, work))
                .max(Comparator.comparingInt(Load::records))
                .orElseThrow();
        double shortest = largest.shortestSeconds(inFlight);
        return shortest == 0 ? 0 : largest.records() / shortest;
    }
}
