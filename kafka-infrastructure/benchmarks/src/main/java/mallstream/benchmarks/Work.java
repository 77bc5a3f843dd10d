package mallstream.benchmarks;

/** How long a handler works, given the number of a record: a topic says nothing of it, so one is enough for all works. */
public enum Work {
    /** Not at all. */
    NONE("0", 0) {
        @Override
        public int micros(int number) {
            return 0;
        }
    },
    /** One millisecond. */
    SHORT("1ms", 0) {
        @Override
        public int micros(int number) {
            return 1_000;
        }
    },
    /** Five milliseconds. */
    MIDDLE("5ms", 0) {
        @Override
        public int micros(int number) {
            return 5_000;
        }
    },
    /** Ten milliseconds. */
    LONG("10ms", 0) {
        @Override
        public int micros(int number) {
            return 10_000;
        }
    },
    /** Half a second. */
    HALF("500ms", 0) {
        @Override
        public int micros(int number) {
            return 500_000;
        }
    },
    /** One of a hundred takes half a second, the others a millisecond. */
    STRAGGLERS("stragglers", 0) {
        @Override
        public int micros(int number) {
            // By number and not by chance: with a few of them in a load, chance would be what is measured.
            return number % 100 == 50 ? 500_000 : 1_000;
        }
    },
    /** A millisecond for each call and ten microseconds for each of its records, as a transaction takes. */
    CALL("call", 1_000) {
        @Override
        public int micros(int number) {
            return 10;
        }
    },
    /** From 0 to 20 milliseconds, so that what follows is often finished before what precedes. */
    RANDOM("0-20ms", 0) {
        @Override
        public int micros(int number) {
            // Knuth's multiplication: numbers in a row land far from each other.
            return Integer.remainderUnsigned(number * 0x9E3779B1, 20_001);
        }
    };

    private final String word;
    private final int perCall;

    Work(String word, int perCall) {
        this.word = word;
        this.perCall = perCall;
    }

    /**
     * Says what the work of one record is.
     *
     * @param number of the record
     * @return microseconds, 0 or more
     */
    public abstract int micros(int number);

    /** What a call takes besides what its records take, in microseconds. */
    int perCall() {
        return perCall;
    }

    /** As it is written in a setting and in a table. */
    public String word() {
        return word;
    }

    /**
     * @param word as {@link #word} gives it
     * @return the work of that name
     * @throws IllegalArgumentException if there is none
     */
    public static Work of(String word) {
        for (Work each : values()) {
            if (each.word.equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("there is no work named " + word);
    }
}
