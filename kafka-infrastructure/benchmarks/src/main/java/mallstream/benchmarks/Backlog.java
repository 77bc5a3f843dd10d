package mallstream.benchmarks;

import java.util.Locale;
import java.util.Map;

/**
 * The incident that started it all: a backlog of two million records meets a slow handler in a small heap. The first
 * version's predecessor launched a task per record and died of it. The producer has a process of its own.
 */
final class Backlog {
    private static final String OPTIONS = "-Xmx96m";

    private Backlog() {}

    /**
     * @param arguments none, or {@code --smoke}
     * @throws RunTrial.Failed if memory ends, or it stalls
     */
    public static void main(String[] arguments) throws RunTrial.Failed {
        Parameters given = Parameters.of(arguments);
        Candidates candidate = Candidates.of(given.text("candidate", "engine", "engine"));
        Load load = new Load(
                given.number("records", 2_000_000, 50_000),
                given.number("key-count", 10_000, 10_000),
                Keys.valueOf(given.text("keys", "uniform", "uniform").toUpperCase(Locale.ROOT)));
        Work work = Work.of(given.text("work", "5ms", "5ms"));
        int inFlight = given.number("in-flight", 500, 500);
        int held = given.number("held", 5000, 5000);
        String options = given.text("jvm", OPTIONS, OPTIONS);
        try (Child broker = BrokerProcess.start()) {
            String bootstrap = BrokerProcess.address(broker);
            FillTopic.run(bootstrap, load, given.number("partitions", 8, 8));
            Measured measured = RunTrial.in(
                    new Trial(candidate, bootstrap, "backlog", load, work, inFlight, held, 0, 0, Map.of()),
                    options + " -Dbenchmark.histogram=true");
            Out.print(new Table(
                            Out.text("%,d records, %s, %d in flight", load.records(), work.word(), inFlight),
                            candidate.word())
                    .row("JVM", options)
                    .row("from the start to the first record", Out.text("%.1f s", measured.joining()))
                    .row("from there until all is committed", Out.text("%.1f s", measured.seconds()))
                    .row("records/s", Out.text("%,.0f", measured.rate()))
                    .row("CPU µs/record", Out.text("%.1f", measured.cpuMicros()))
                    .row("most held, bound", held)
                    .row("most held", measured.mostHeld())
                    .row("records in the heap at half", measured.recordsInHeap())
                    .row("heap after a full GC, at half", megabytes(measured.halfHeap()))
                    .row("heap after a full GC, at the end", megabytes(measured.lastHeap()))
                    .row("order violations", measured.inversions() + measured.overlaps())
                    .row("handled again", measured.again())
                    .row("OutOfMemoryError", "none"));
        }
    }

    private static String megabytes(long bytes) {
        return Out.text("%.1f MB", bytes / 1e6);
    }
}
