package mallstream.benchmarks.incidents;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import mallstream.benchmarks.BrokerProcess;
import mallstream.benchmarks.Child;
import mallstream.benchmarks.Cluster;
import mallstream.benchmarks.Event;
import mallstream.benchmarks.Keys;
import mallstream.benchmarks.Load;
import mallstream.benchmarks.Out;
import mallstream.benchmarks.Parameters;
import mallstream.benchmarks.Table;
import mallstream.benchmarks.Work;

/** What two common ways to acknowledge lose or repeat at a restart, and what the engine does. */
public final class LostCommits {
    private static final int PARTITIONS = 8;
    private static final int QUIET_SECONDS = 2;
    private static final int PATIENCE_SECONDS = 60;

    private final String bootstrap;
    private final int records;
    private final int perSecond;
    private final Table table = new Table("code", "restart", "sent once or more", "sent twice or more", "never sent");

    private LostCommits(Parameters given, String bootstrap) {
        this.bootstrap = bootstrap;
        this.records = given.number("records", 10_000, 4_000);
        this.perSecond = 2_500;
    }

    /** @param arguments none, or {@code --smoke} */
    public static void main(String[] arguments) {
        Parameters given = Parameters.of(arguments);
        try (Child broker = BrokerProcess.start()) {
            LostCommits program = new LostCommits(given, BrokerProcess.address(broker));
            Out.line(
                    "%,d notices each time, %,d/s, of 1,000 malls in %d partitions; the service is restarted once.",
                    program.records, program.perSecond, PARTITIONS);
            for (Scenario each : Scenario.values()) {
                program.run(each);
            }
            Out.line("");
            Out.print(program.table);
        }
    }

    private void run(Scenario scenario) {
        String topic = scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Out.line("%n%s; %s:", scenario.code, scenario.moment);
        AtomicIntegerArray sent = new AtomicIntegerArray(records);
        String[] arguments = {scenario.service, bootstrap, topic, topic, scenario.work.word()};
        try (Cluster cluster = new Cluster(bootstrap)) {
            cluster.create(topic, PARTITIONS);
            List<Event> events = events();
            int half = records / 2;
            NoticeService first = new NoticeService(sent, arguments);
            Traffic.send(bootstrap, topic, scenario.atRest ? events : events.subList(0, half), perSecond, event -> {});
            if (scenario.atRest) {
                Until.holds("all sent", PATIENCE_SECONDS, () -> count(sent, 1) == records && first.quietFor(1));
            }
            Until.holds("at work", PATIENCE_SECONDS, () -> count(sent, 1) > 0);
            int before = count(sent, 1);
            if (scenario.kill) {
                first.kill();
            } else {
                first.end();
            }
            Out.line("  %,d sent when the first process was ended, %,d when it was gone", before, count(sent, 1));
            String group = scenario.service.equals("engine") ? Engine.group(topic) : topic;
            long committed = cluster.committed(group, topic).values().stream()
                    .mapToLong(each -> each.offset())
                    .sum();
            Out.line(
                    "  committed offsets then: %,d of the %,d records in the topic, in %d of %d partitions",
                    committed,
                    cluster.ends(topic).values().stream()
                            .mapToLong(Long::longValue)
                            .sum(),
                    cluster.committed(group, topic).size(),
                    PARTITIONS);
            NoticeService second = new NoticeService(sent, arguments);
            if (!scenario.atRest) {
                Traffic.send(bootstrap, topic, events.subList(half, records), perSecond, event -> {});
            }
            Until.holds("quiet", PATIENCE_SECONDS, () -> second.quietFor(QUIET_SECONDS));
            second.end();
        }
        Out.line(
                "  after the restart: %,d sent twice or more, %,d never sent",
                count(sent, 2), records - count(sent, 1));
        table.row(
                scenario.code,
                scenario.moment,
                Out.text("%,d", count(sent, 1)),
                Out.text("%,d", count(sent, 2)),
                Out.text("%,d", records - count(sent, 1)));
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        new Load(records, 1_000, Keys.UNIFORM).forEach(events::add);
        return events;
    }

    private static int count(AtomicIntegerArray sent, int times) {
        return (int) IntStream.range(0, sent.length())
                .filter(number -> sent.get(number) >= times)
                .count();
    }

    private enum Scenario {
        BUFFER("a buffer of 1,000, the last is acknowledged", "buffer", Work.NONE, true, false),
        TASKS("a task per record, acknowledged when done", "tasks", Work.STRAGGLERS, false, true),
        ENGINE_AT_REST("the engine", "engine", Work.STRAGGLERS, true, false),
        ENGINE("the engine", "engine", Work.STRAGGLERS, false, false),
        ENGINE_KILLED("the engine", "engine", Work.STRAGGLERS, false, true);

        private final String code;
        private final String service;
        private final Work work;
        private final boolean atRest;
        private final boolean kill;
        private final String moment;

        Scenario(String code, String service, Work work, boolean atRest, boolean kill) {
            this.code = code;
            this.service = service;
            this.work = work;
            this.atRest = atRest;
            this.kill = kill;
            this.moment = kill
                    ? "kill -9 at work, half way"
                    : atRest ? "deployment, when all was sent" : "deployment at work, half way";
        }
    }
}
