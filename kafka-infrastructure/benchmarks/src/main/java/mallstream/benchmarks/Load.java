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
 */
public record Load(int records, int keyCount, Keys keys) {
    /** How the names of all topics with a load begin. */
    static final String TOPICS = "load-";

    private static final long SEED = 20260102;

    /** Gives every record, in the order in which they are sent. */
    public void forEach(Consumer<Event> to) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] turns = new int[keyCount];
        for (int number = 0; number < records; number++) {
            int key = keys.draw(random, keyCount);
            to.accept(new Event(number, key, turns[key]++, 0));
        }
    }

    /** A topic's name that says what is in it. */
    public String topic() {
        return TOPICS + keys.word() + "-" + keyCount + "-" + records;
    }

    /** In one word, for the command line of another process. */
    String word() {
        return records + "," + keyCount + "," + keys;
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
                Keys.valueOf(parts[2].toUpperCase(Locale.ROOT)));
    }
}
