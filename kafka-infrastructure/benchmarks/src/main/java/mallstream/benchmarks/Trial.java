package mallstream.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One run of one candidate on one topic, which holds a load.
 *
 * @param candidate who runs
 * @param bootstrap where the broker is
 * @param name of the subscription
 * @param load what is in the topic
 * @param work how long a handler works on it
 * @param maxInFlight most records in flight
 * @param maxHeld most records held
 * @param warmUp records before the clock starts: what they cost is the JVM's warm-up
 * @param until records after which it is over, without waiting for a commit; 0: when all of them are committed
 * @param options what else is set, by name
 */
record Trial(
        Candidates candidate,
        String bootstrap,
        String name,
        Load load,
        Work work,
        int maxInFlight,
        int maxHeld,
        int warmUp,
        int until,
        Map<String, String> options) {

    /** For the command line of the process that runs it. */
    String[] words() {
        return List.of(
                        candidate.name(),
                        bootstrap,
                        name,
                        load.word(),
                        work.word(),
                        Integer.toString(maxInFlight),
                        Integer.toString(maxHeld),
                        Integer.toString(warmUp),
                        Integer.toString(until),
                        "options:"
                                + options.entrySet().stream()
                                        .map(each -> each.getKey() + "=" + each.getValue())
                                        .collect(Collectors.joining(",")))
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
                Work.of(words[4]),
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                Integer.parseInt(words[7]),
                Integer.parseInt(words[8]),
                options(words[9].substring("options:".length())));
    }

    /**
     * @param word names and values, {@code name=value,name=value}
     * @return the same by name
     */
    static Map<String, String> options(String word) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String each : word.split(",", -1)) {
            int at = each.indexOf('=');
            if (at > 0) {
                options.put(each.substring(0, at), each.substring(at + 1));
            }
        }
        return options;
    }

    /** The group whose commits show how far it is. */
    String group() {
        return "mallstream.benchmark." + name;
    }

    /**
     * What the candidate is told.
     *
     * @param watcher sees every record
     */
    Candidate.Settings settings(Working.Watcher watcher) {
        return settings(new Working(watcher, work));
    }

    /**
     * What the candidate is told.
     *
     * @param job where the records go
     */
    Candidate.Settings settings(Job job) {
        Map<String, String> all = new LinkedHashMap<>(candidate.options());
        all.putAll(options);
        return new Candidate.Settings(bootstrap, load.topic(), name, group(), maxInFlight, maxHeld, all, job);
    }
}
