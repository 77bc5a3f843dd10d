package mallstream.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import mallstream.benchmarks.conformance.EngineSubject;
import mallstream.benchmarks.conformance.ParallelSubject;
import mallstream.benchmarks.conformance.ReactorSubject;
import mallstream.benchmarks.conformance.SpringSubject;
import mallstream.conformance.Finding;
import mallstream.conformance.Matrix;
import mallstream.conformance.Protocol;
import mallstream.conformance.Scenario;
import mallstream.conformance.Subject;

/**
 * Which library lives through what: each scenario of the conformance kit on the engine and on its peers, as a table in
 * Markdown. Each scenario has a topic of its own on one broker; what it finds wrong on the way goes to standard error as well.
 */
final class Conformance {
    private static final List<Subject> SUBJECTS =
            List.of(new EngineSubject(), new SpringSubject(), new ParallelSubject(), new ReactorSubject());

    private Conformance() {}

    /**
     * @param arguments none, or {@code --smoke}: one scenario
     */
    public static void main(String[] arguments) {
        // What fails on purpose would fill pages.
        System.setProperty("benchmark.log", System.getProperty("benchmark.log", "OFF"));
        Parameters given = Parameters.of(arguments);
        List<String> scenarios = given.words("scenarios", names(), Scenario.POISON.name());
        List<Subject> subjects = SUBJECTS.stream()
                .filter(each -> each.name().contains(given.text("subject", "", "")))
                .toList();
        long seed = Long.parseLong(given.text("seed", Long.toString(new Random().nextInt(1_000_000)), "1"));
        List<String> head = new ArrayList<>(List.of("scenario", "protocol"));
        subjects.forEach(each -> head.add(each.name()));
        Table table = new Table(head.toArray(String[]::new));
        Matrix matrix = new Matrix();
        try (Child broker = BrokerProcess.start()) {
            String bootstrap = BrokerProcess.address(broker);
            for (Scenario scenario : Scenario.values()) {
                if (scenarios.contains(scenario.name())) {
                    for (Protocol protocol : scenario.protocols()) {
                        List<Object> row = new ArrayList<>(List.of(scenario.words(), protocol.word()));
                        for (Subject subject : subjects) {
                            row.add(matrix.cell(
                                    subject, scenario, protocol, play(subject, scenario, protocol, bootstrap, seed)));
                        }
                        table.row(row.toArray());
                    }
                }
            }
        }
        Out.line("Seed %d.", seed);
        Out.print("");
        Out.print(table);
        Out.print("");
        Out.print(matrix.notes());
        // Some libraries leave threads behind that would keep this process.
        System.exit(0);
    }

    private static String names() {
        return String.join(
                ",", List.of(Scenario.values()).stream().map(Scenario::name).toList());
    }

    private static List<Finding> play(
            Subject subject, Scenario scenario, Protocol protocol, String bootstrap, long seed) {
        String topic = String.join(
                        "-",
                        subject.name().split("[^a-z]", 2)[0],
                        scenario.name().toLowerCase(Locale.ROOT))
                + "-" + protocol.word();
        long begin = System.nanoTime();
        List<Finding> found = scenario.play(subject, protocol, bootstrap, topic, seed);
        System.err.printf(
                Locale.ROOT,
                "%s, %s, %s: %.1f s %s%n",
                scenario.words(),
                protocol.word(),
                subject.name(),
                (System.nanoTime() - begin) / 1e9,
                found);
        return found;
    }
}
