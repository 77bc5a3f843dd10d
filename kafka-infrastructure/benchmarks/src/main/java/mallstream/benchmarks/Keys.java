package mallstream.benchmarks;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** How records spread over keys. */
public enum Keys {
    /** Every key as often as the others. */
    UNIFORM {
        @Override
        int draw(double chance, int keys) {
            return Math.min(keys - 1, (int) (chance * keys));
        }
    },
    /** Zipf's law with exponent 1.1: the first key leads, and there is a long tail. */
    ZIPF {
        @Override
        int draw(double chance, int keys) {
            double left = chance * Zipf.sum(keys);
            int key = 0;
            while (key < keys - 1 && left >= Zipf.weight(key)) {
                left -= Zipf.weight(key);
                key++;
            }
            return key;
        }
    },
    /** One key has 60 % of all records, the others share the rest. */
    HOT {
        @Override
        int draw(double chance, int keys) {
            return chance < 0.6 || keys == 1 ? 0 : 1 + Math.min(keys - 2, (int) ((chance - 0.6) / 0.4 * (keys - 1)));
        }
    };

    /**
     * Draws a key.
     *
     * @param random where chance comes from
     * @param keys how many there are, 1 or more
     * @return 0 to {@code keys - 1}
     */
    final int draw(RandomGenerator random, int keys) {
        return draw(random.nextDouble(), keys);
    }

    abstract int draw(double chance, int keys);

    /** As it is written in a setting and in a table. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static final class Zipf {
        private static final int MOST = 100_000;
        private static final double[] WEIGHTS = new double[MOST];
        private static final double[] SUMS = new double[MOST + 1];

        static {
            for (int i = 0; i < MOST; i++) {
                WEIGHTS[i] = 1 / Math.pow(i + 1, 1.1);
                SUMS[i + 1] = SUMS[i] + WEIGHTS[i];
            }
        }

        private Zipf() {}

        static double weight(int key) {
            return WEIGHTS[key];
        }

        static double sum(int keys) {
            return SUMS[keys];
        }
    }
}
