package mallstream.benchmarks;

import java.util.List;

/**
 * One run of one candidate on one topic, which holds a load.
 *
 * @param candidate who runs
 * @param bootstrap where the broker is
 * @param name of the subscription
 * @param load what is in the topic
 * @param maxInFlight most records in flight
 * @param maxHeld most records held
 * @param warmUp records before the clock starts: what they cost is the JVM's warm-up
 */
record Trial(Candidates candidate, String bootstrap, String name, Load load, int maxInFlight, int maxHeld, int warmUp) {

    /** For the command line of the process that runs it. */
    String[] words() {
        return List.of(
                        candidate.name(),
                        bootstrap,
                        name,
                        load.word(),
                        Integer.toString(maxInFlight),
                        Integer.toString(maxHeld),
                        Integer.toString(warmUp))
                .toArray(String[]::new);
    }

    /**
     * @param words what {@link #words} gave
     * @return the trial
     */
    static Trial of(String... words) {
        return new Trial(
                Candidates.valueOf(words[0]),
                words[1],
                words[2],
                Load.of(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]));
    }

    /** The group whose commits show how far it is. */
    String group() {
        return "mallstream.benchmark." + name;
    }

    /**
     * What the candidate is told.
     *
     * @param watcher sees every event
     */
    Candidate.Settings settings(Working.Watcher watcher) {
        return new Candidate.Settings(
                bootstrap,
                load.topic(),
                name,
                maxInFlight,
                maxHeld,
                candidate.batch(maxInFlight),
                new Working(watcher));
    }
}
