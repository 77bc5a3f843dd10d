package mallstream.benchmarks;

import java.util.HashMap;
import java.util.Map;

/**
 * How many records a run gets, so that it takes some seconds: by what the arm managed before in the cell, or else by a
 * guess. Sizes are those of a ladder, so that a few topics are enough for all runs.
 */
final class Sizing {
    private static final int LEAST = 512;
    private static final int DOUBLING_FROM = 1 << 20;
    /** A quarter of a load is for the warm-up. */
    private static final int WARM_UP = 4;

    private final double seconds;
    private final int most;
    private final Map<String, Double> rates = new HashMap<>();

    /**
     * @param seconds how long the measured part shall take
     * @param most records of the largest load
     */
    Sizing(double seconds, int most) {
        this.seconds = seconds;
        this.most = most;
    }

    /**
     * @param arm who runs
     * @param cell where
     * @return records of its next run, the warm-up included
     */
    int records(Candidates arm, Cell cell) {
        double rate = rates.getOrDefault(arm + cell.name(), guess(arm, cell));
        double wanted = Math.min(most, rate * seconds * WARM_UP / (WARM_UP - 1));
        int size = LEAST;
        while (true) {
            int next = size >= DOUBLING_FROM || Integer.bitCount(size) > 1
                    ? Integer.highestOneBit(size) * 2
                    : size + size / 2;
            if (Math.sqrt((double) size * next) > wanted) {
                return size;
            }
            size = next;
        }
    }

    /** How many of the records are for the warm-up. */
    static int warmUp(int records) {
        return records / WARM_UP;
    }

    /** Notes what a run gave. */
    void managed(Candidates arm, Cell cell, Measured measured) {
        rates.put(arm + cell.name(), measured.rate());
    }

    /** About what the arms did on a machine with two processors; where it is wrong, only the first run is too short or long. */
    private static double guess(Candidates arm, Cell cell) {
        boolean skewed = cell.keys() != Keys.UNIFORM;
        double fastest = switch (arm) {
            case PLAIN -> 1_500_000;
            case SPRING_RECORD -> 800_000;
            case SPRING_BATCH, REACTOR_BUFFER, SEMAPHORE -> 500_000;
            case REACTOR_FLATMAP -> 150_000;
            case PARALLEL_CONSUMER, PARALLEL_CONSUMER_UNORDERED -> skewed ? 2_000 : 50_000;
            case ENGINE, ENGINE_NONE, ENGINE_BATCH -> 800_000;
        };
        if (cell.work() == Work.NONE) {
            return fastest;
        }
        boolean waits = arm == Candidates.SPRING_BATCH || arm == Candidates.REACTOR_BUFFER;
        boolean alone = arm == Candidates.PLAIN || arm == Candidates.SPRING_RECORD;
        double micros = switch (cell.work()) {
            case STRAGGLERS -> waits ? 500_000 : 6_000;
            default -> 1.1 * (cell.work().micros(0) + cell.work().perCall());
        };
        double atOnce = alone ? 1 : arm.ordered() && skewed ? 1.5 : cell.inFlight();
        return Math.min(fastest, atOnce * 1e6 / micros);
    }
}
