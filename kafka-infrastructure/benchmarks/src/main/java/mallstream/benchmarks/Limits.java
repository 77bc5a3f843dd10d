package mallstream.benchmarks;

import java.util.HashMap;
import java.util.Map;

/**
 * The most records per second that anybody could handle: what so many sleeping threads make, what the client alone makes,
 * and where order is kept what the hottest key allows, one record after the other.
 */
final class Limits {
    private static final int FEW = 20;

    private final String options;
    private final Map<String, Double> slept = new HashMap<>();
    private final Map<Keys, Double> plain = new HashMap<>();

    /** @param options of the JVMs that are measured */
    Limits(String options) {
        this.options = options;
    }

    /** Notes what the client alone makes, without work, in records per second. */
    void plain(Keys keys, double rate) {
        plain.merge(keys, rate, Math::max);
    }

    /**
     * What a number of virtual threads makes that only sleep; measured when it is asked for the first time.
     *
     * @param threads how many
     * @param work how long
     * @return sleeps per second
     */
    double slept(int threads, Work work) {
        return slept.computeIfAbsent(threads + " " + work, key -> Sleeping.rate(threads, work, options));
    }

    /**
     * @param cell the work, the keys, how many at the same time
     * @param measured the run
     * @param ordered whether a key's records are handled one after the other
     * @return records per second; 0: nothing is known to be a limit
     */
    double of(Cell cell, Measured measured, boolean ordered) {
        if (cell.work() == Work.CALL) {
            return 0;
        }
        double limit = plain.getOrDefault(cell.keys(), plain.getOrDefault(Keys.UNIFORM, Double.MAX_VALUE));
        if (cell.work() != Work.NONE) {
            limit = Math.min(limit, slept(cell.inFlight(), cell.work()));
            if (ordered) {
                limit = Math.min(limit, measured.records() / hottestSeconds(measured));
            }
        }
        return limit == Double.MAX_VALUE ? 0 : limit;
    }

    /**
     * Seconds that the key with most work left takes, a little longer for each sleep than it says. What is left of it when the
     * clock starts is more than its part of the load: during the warm-up the others went on while it waited for itself.
     */
    private double hottestSeconds(Measured measured) {
        double over = FEW * 1e6 / slept(FEW, Work.SHORT) - Work.SHORT.micros(0);
        return (measured.hottestMicros() + measured.hottestLeft() * over) / 1e6;
    }
}
