package mallstream.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;

/** Runs a candidate in this JVM as one of several members, until it is asked to leave. */
final class RunMember {
    private RunMember() {}

    /**
     * Starts it in a process of its own; closing the process lets the member leave.
     *
     * @param trial what to run
     * @param file of the shared oracle
     * @param member its number
     * @param options of the JVM
     */
    static Child start(Trial trial, Path file, int member, String options) {
        String[] words = trial.words();
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = file.toString();
        all[words.length + 1] = Integer.toString(member);
        return Child.start(RunMember.class, options, all);
    }

    /** @param arguments {@link Trial#words}, the file, the member's number */
    public static void main(String[] arguments) {
        Trial trial = Trial.of(arguments);
        SharedOracle oracle = new SharedOracle(
                Path.of(arguments[arguments.length - 2]),
                trial.load().records(),
                trial.load().keyCount(),
                Integer.parseInt(arguments[arguments.length - 1]));
        Candidate candidate = trial.candidate().make();
        candidate.start(trial.settings(oracle));
        Child.awaitEnd();
        candidate.close();
        Runtime.getRuntime().halt(0);
    }
}
