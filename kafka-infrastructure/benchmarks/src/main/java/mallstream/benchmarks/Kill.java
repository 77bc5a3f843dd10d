package mallstream.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What a crash repeats: a candidate works on a topic, with handlers that take from 0 to 20 ms so that later records are
 * often finished before earlier ones; at half of the records its process is killed, and another one goes on. It goes on when
 * the broker has given the dead member up, which takes Kafka's session timeout of 45 s.
 */
final class Kill {
    private static final int LOOK_MICROS = 2_000;

    private final Candidates candidate;
    private final Load load;
    private final int partitions;
    private final int inFlight;
    private final int held;
    private final String options;

    private Kill(Parameters given) {
        candidate = Candidates.of(given.text("candidate", "engine", "engine"));
        load = new Load(given.number("records", 100_000, 5_000), given.number("key-count", 1000, 1000), Keys.UNIFORM);
        partitions = given.number("partitions", 8, 8);
        inFlight = given.number("in-flight", 64, 64);
        held = given.number("held", 1000, 1000);
        options = given.text("jvm", "-Xmx256m", "-Xmx256m");
    }

    /**
     * @param arguments none, or {@code --smoke}
     * @throws Exception if it can't run
     */
    public static void main(String[] arguments) throws Exception {
        Kill kill = new Kill(Parameters.of(arguments));
        Path file = Files.createTempFile("benchmark-kill", ".marks");
        try (Child broker = BrokerProcess.start()) {
            kill.run(BrokerProcess.address(broker), file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void run(String bootstrap, Path file) throws IOException, InterruptedException {
        FillTopic.run(bootstrap, load, partitions);
        Trial trial = new Trial(candidate, bootstrap, "kill", load, Work.RANDOM, inFlight, held, 0, 0, Map.of());
        Marks marks = new Marks(file, load.records());
        try (Child first = RunMarked.start(trial, file, options)) {
            while (marks.endedAtLeast(1) < load.records() / 2) {
                if (!first.alive()) {
                    throw new IllegalStateException("it ended before it was killed");
                }
                Pause.micros(LOOK_MICROS);
            }
            first.kill();
        }
        try (Cluster cluster = new Cluster(bootstrap)) {
            Map<Integer, Committed> committed = new TreeMap<>();
            cluster.committed(trial.group(), load.topic())
                    .forEach((partition, offset) ->
                            committed.put(partition.partition(), candidate.committed(trial, offset)));
            Map<TopicPartition, Long> ends = cluster.ends(load.topic());
            AtKill then = AtKill.of(load, marks, new Places(bootstrap, load, ends), committed);
            long killed = System.nanoTime();
            try (Child second = RunMarked.start(trial, file, options)) {
                RunMarked.await(second);
            }
            print(committed, then, marks, (System.nanoTime() - killed) / 1e9);
        }
    }

    private void print(Map<Integer, Committed> committed, AtKill then, Marks marks, double seconds) {
        Table commits = new Table("partition", "committed", "finished above", "open between", "characters of metadata");
        committed.forEach((partition, each) ->
                commits.row(partition, each.frontier(), each.above(), each.open().length, each.characters()));
        Out.print(commits);
        Out.print("");
        int endedTwice = marks.endedAtLeast(2);
        int lost = load.records() - marks.endedAtLeast(1);
        Out.print(new Table("at the kill, of " + load.records() + " records", candidate.word())
                .row("finished", then.finished())
                .row("begun and not ended", then.running())
                .row("finished and committed by the offset alone", then.below())
                .row("finished and committed as finished above the frontier", then.above())
                .row("finished after the last commit", then.uncommitted())
                .row("committed and not finished (must be 0)", then.tooMuch()));
        Out.print("");
        Out.print(new Table("after the restart", candidate.word())
                .row("done again though it was finished", endedTwice)
                .row("begun again because the kill ended it", begunAgain(marks) - endedTwice)
                .row(
                        "more than finished after the last commit (must be 0)",
                        Math.max(0, endedTwice - then.uncommitted()))
                .row("never done (must be 0)", lost)
                .row("seconds from the restart to the end", Out.text("%.1f", seconds)));
    }

    private int begunAgain(Marks marks) {
        int found = 0;
        for (int i = 0; i < load.records(); i++) {
            found += marks.begun(i) >= 2 ? 1 : 0;
        }
        return found;
    }

    /**
     * How it stood at the kill.
     *
     * @param finished records that had ended
     * @param running records that had begun and not ended
     * @param below finished ones below the committed offset
     * @param above finished ones above it that the commit names
     * @param uncommitted finished ones that no commit knows
     * @param tooMuch committed as finished, and not finished
     */
    private record AtKill(int finished, int running, int below, int above, int uncommitted, int tooMuch) {
        static AtKill of(Load load, Marks marks, Places places, Map<Integer, Committed> committed) {
            int finished = 0;
            int running = 0;
            int below = 0;
            int above = 0;
            int tooMuch = 0;
            for (int i = 0; i < load.records(); i++) {
                boolean ended = marks.ended(i) > 0;
                Committed commit = committed.getOrDefault(places.partition(i), Committed.at(0));
                boolean covered = commit.covers(places.offset(i));
                finished += ended ? 1 : 0;
                running += marks.begun(i) > marks.ended(i) ? 1 : 0;
                below += ended && places.offset(i) < commit.frontier() ? 1 : 0;
                above += ended && covered && places.offset(i) >= commit.frontier() ? 1 : 0;
                tooMuch += covered && !ended ? 1 : 0;
            }
            return new AtKill(finished, running, below, above, finished - below - above, tooMuch);
        }
    }
}
