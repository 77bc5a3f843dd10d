package mallstream.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Runs a candidate in this JVM until all of its topic is committed, and leaves marks in a file. It may be killed. */
final class RunMarked {
    private static final String ENDED = "all is committed";
    private static final int LOOK_MICROS = 20_000;

    private RunMarked() {}

    /**
     * Starts it in a process of its own.
     *
     * @param trial what to run
     * @param marks the file
     * @param options of the JVM
     * @return the process
     */
    static Child start(Trial trial, Path marks, String options) {
        String[] words = trial.words();
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = marks.toString();
        return Child.start(RunMarked.class, options, all);
    }

    /**
     * Waits until all is committed.
     *
     * @param child what {@link #start} gave
     */
    static void await(Child child) {
        child.line(ENDED);
    }

    /**
     * @param arguments {@link Trial#words}, and the file
     * @throws Exception if it can't run
     */
    public static void main(String[] arguments) throws Exception {
        Child.endWithParent();
        Trial trial = Trial.of(arguments);
        Path file = Path.of(arguments[arguments.length - 1]);
        try (Cluster cluster = new Cluster(trial.bootstrap());
                Candidate candidate = trial.candidate().make()) {
            Map<TopicPartition, Long> ends = cluster.ends(trial.load().topic());
            candidate.start(trial.settings(new Marks(file, trial.load().records())));
            while (!cluster.committedAll(trial.group(), ends)) {
                Pause.micros(LOOK_MICROS);
            }
        }
        Out.print(ENDED);
    }
}
