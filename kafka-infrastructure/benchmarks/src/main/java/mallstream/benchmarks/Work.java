package mallstream.benchmarks;

import java.util.random.RandomGenerator;

/** How long a handler works on a record. */
public enum Work {
    /** Not at all. */
    NONE("0") {
        @Override
        int draw(int number, RandomGenerator random) {
            return 0;
        }
    },
    /** One millisecond. */
    SHORT("1ms") {
        @Override
        int draw(int number, RandomGenerator random) {
            return 1_000;
        }
    },
    /** Five milliseconds. */
    MIDDLE("5ms") {
        @Override
        int draw(int number, RandomGenerator random) {
            return 5_000;
        }
    },
    /** Ten milliseconds. */
    LONG("10ms") {
        @Override
        int draw(int number, RandomGenerator random) {
            return 10_000;
        }
    },
    /** One of a hundred takes half a second, the others a millisecond. */
    STRAGGLERS("stragglers") {
        @Override
        int draw(int number, RandomGenerator random) {
            // By number and not by chance: with a few of them in a load, chance would be what is measured.
            return number % 100 == 50 ? 500_000 : 1_000;
        }
    },
    /** From 0 to 20 milliseconds, so that what follows is often finished before what precedes. */
    RANDOM("0-20ms") {
        @Override
        int draw(int number, RandomGenerator random) {
            return random.nextInt(20_001);
        }
    };

    private final String word;

    Work(String word) {
        this.word = word;
    }

    /**
     * Says what the work of one record is.
     *
     * @param number of the record
     * @param random where chance comes from
     * @return microseconds, 0 or more
     */
    abstract int draw(int number, RandomGenerator random);

    /** As it is written in a setting and in a table. */
    String word() {
        return word;
    }

    /**
     * @param word as {@link #word} gives it
     * @return the work of that name
     * @throws IllegalArgumentException if there is none
     */
    static Work of(String word) {
        for (Work each : values()) {
            if (each.word.equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("there is no work named " + word);
    }
}
