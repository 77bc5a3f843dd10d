package mallstream.benchmarks;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What is in a topic. The same load gives the same records each time it is asked, so whoever measures can know a topic
 * without reading it.
 *
 * @param records how many, 1 or more
 * @param keyCount over how many keys, 1 to 100,000
 * @param keys how they spread over the keys
 * @param work how long handlers work on them
 */
public record Load(int records, int keyCount, Keys keys, Work work) {
    private static final long SEED = 20260102;

    /** Gives every record, in the order in which they are sent. */
    public void forEach(Consumer<Event> to) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] turns = new int[keyCount];
        for (int number = 0; number < records; number++) {
            int key = keys.draw(random, keyCount);
            to.accept(new Event(number, key, turns[key]++, work.draw(number, random)));
        }
    }

    /**
     * The shortest time in which the load can be worked off: no more than the bound at the same time, and each key one
     * after the other.
     *
     * @param inFlight records worked on at the same time, 1 or more
     * @return seconds; 0 where there is no work
     */
    double shortestSeconds(int inFlight) {
        long[] micros = new long[keyCount];
        long[] all = new long[1];
        forEach(event -> {
            micros[event.key()] += event.micros();
            all[0] += event.micros();
        });
        long hottest = 0;
        for (long each : micros) {
            hottest = Math.max(hottest, each);
        }
        return Math.max((double) all[0] / inFlight, (double) hottest) / 1e6;
    }

    /** A topic's name that says what is in it. */
    public String topic() {
        return "load-" + work.word() + "-" + keys.word() + "-" + keyCount + "-" + records;
    }

    /** In one word, for the command line of another process. */
    String word() {
        return records + "," + keyCount + "," + keys + "," + work;
    }

    /**
     * @param word what {@link #word} gave
     * @return the load
     */
    static Load of(String word) {
        String[] parts = word.split(",", -1);
        return new Load(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Keys.valueOf(parts[2].toUpperCase(Locale.ROOT)),
                Work.valueOf(parts[3]));
    }
}
