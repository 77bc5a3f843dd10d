package mallstream.benchmarks;

import java.util.Arrays;
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
            return Zipf.key(chance * Zipf.sum(keys), keys);
        }
    },
    /** One key has 60 % of all records, the others share the rest. */
    HOT {
        @Override
        int draw(double chance, int keys) {
            return chance < 0.6 || keys == 1 ? 0 : COLD.draw((chance - 0.6) / 0.4, keys);
        }
    },
    /** All but the first key, each as often as the others: what is left without the hot one. */
    COLD {
        @Override
        int draw(double chance, int keys) {
            return 1 + Math.min(keys - 2, (int) (chance * (keys - 1)));
        }
    };

    /**
     * Draws a key.
     *
     * @param random where chance comes from
     * @param keys how many there are, 1 or more
     * @return 0 to {@code keys - 1}
     */
    public final int draw(RandomGenerator random, int keys) {
        return draw(random.nextDouble(), keys);
    }

    abstract int draw(double chance, int keys);

    /** As it is written in a setting and in a table. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static final class Zipf {
        private static final int MOST = 100_000;
        private static final double[] SUMS = new double[MOST + 1];

        static {
            for (int i = 0; i < MOST; i++) {
                SUMS[i + 1] = SUMS[i] + 1 / Math.pow(i + 1, 1.1);
            }
        }

        private Zipf() {}

        /** The key whose share of the sum a point is in. */
        static int key(double point, int keys) {
            int found = Arrays.binarySearch(SUMS, 0, keys + 1, point);
            return Math.clamp(found >= 0 ? found : -found - 2, 0, keys - 1);
        }

        static double sum(int keys) {
            return SUMS[keys];
        }
    }
}
