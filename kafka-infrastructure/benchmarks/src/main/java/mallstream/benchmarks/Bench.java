package mallstream.benchmarks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the parts of a comparison have in common: one broker, its filled topics, what is set. */
final class Bench {
    /** Over how many keys all loads spread. */
    static final int KEYS = 1_000;

    private static final String ONE_KEY = "batch.one-key=true";
    private static final String OPTIONS = "-Xmx1g -XX:+UseG1GC";

    private final String bootstrap;
    private final boolean smoke;
    private final int partitions;
    private final int rounds;
    private final String options;
    private final Map<String, String> set;
    private final Map<String, String> oneKey;
    private final Set<String> filled = new HashSet<>();
    private int runs;

    /**
     * @param given what is set
     * @param bootstrap where the broker is
     */
    Bench(Parameters given, String bootstrap) {
        this.bootstrap = bootstrap;
        smoke = given.smoke();
        partitions = given.number("partitions", 8, 8);
        rounds = given.number("rounds", 3, 1);
        options = given.text("jvm", OPTIONS, OPTIONS);
        set = Trial.options(given.text("engine", "", ""));
        oneKey = Trial.options(given.text("one-key", ONE_KEY, ONE_KEY));
    }

    /** Where the broker is. */
    String bootstrap() {
        return bootstrap;
    }

    /** Whether it is only to see that it runs. */
    boolean smoke() {
        return smoke;
    }

    /** Partitions of each topic. */
    int partitions() {
        return partitions;
    }

    /** How often each arm runs in each cell. */
    int rounds() {
        return rounds;
    }

    /** Of the JVMs that are measured. */
    String options() {
        return options;
    }

    /** A name that no other run has. */
    String name(String start) {
        return start + "-" + ++runs;
    }

    /** Sees to it that a load is in its topic. */
    Load filled(Load load) {
        if (filled.add(load.topic())) {
            FillTopic.run(bootstrap, load, partitions);
        }
        return load;
    }

    /** What is set of an arm besides its bounds. */
    Map<String, String> settings(Candidates arm) {
        return arm.ours() ? set : Map.of();
    }

    /** The same for an engine whose calls hold one key only. */
    Map<String, String> oneKey() {
        Map<String, String> settings = new HashMap<>(set);
        oneKey.forEach(settings::putIfAbsent);
        return settings;
    }
}
