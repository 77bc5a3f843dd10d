package mallstream.kafka.consume.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which keys most of the recent records have, and how long theirs wait, in memory that does not grow with the number of keys.
 *
 * <p>It is Space-Saving (A. Metwally, D. Agrawal, A. El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data
 * Streams", ICDT 2005): k counters; a key without one takes over the smallest, with its count as the error that it may have. With N
 * records in all no count is wrong by more than N/k, and a key with more than N/k records has a counter. So that it tells of the recent ones,
 * a record weighs the less the longer ago it was. Nothing is ever weighed anew for that: new records weigh more instead, as in
 * "Forward Decay" (G. Cormode and others, ICDE 2009), and the bounds hold for weights as they do for counts.
 *
 * <p>Times are nanoseconds of one clock that never goes back. One thread at a time may use it.
 *
 * @param <K> the keys
 */
public final class HeavyHitters<K> {
    private static final double SECOND = 1e9;
    /** In time constants: from here on weights are scaled down, long before they are too large to be told apart. */
    private static final double LARGEST = 20;

    private static final double HOT = 0.2;
    private static final double NOTICEABLE = 0.5;
    private static final double LONGER = 4;

    private final int most;
    private final double memory;
    private final Map<K, Counter<K>> counters = new HashMap<>();
    /** A binary heap with the smallest count on top. */
    private final List<Counter<K>> heap = new ArrayList<>();

    private long start = Long.MIN_VALUE;
    private long landmark;
    private long weighedAt;
    private double weight = 1;
    private double total;
    private double begun;
    private double waited;

    /**
     * @param counters how many keys are counted at a time, 1 or more
     * @param memory after so long a record weighs 1/e, 0.37: it tells mostly of the last two such times, 0.86 of the weight
     */
    public HeavyHitters(int counters, Duration memory) {
        this.most = counters;
        this.memory = memory.toNanos();
    }

    /**
     * A record was received.
     *
     * @param key its key; null: it has none, and counts among all
     * @param now the time
     */
    public void received(@Nullable K key, long now) {
        weigh(now);
        total += weight;
        if (key == null) {
            return;
        }
        Counter<K> counter = counters.get(key);
        if (counter != null) {
            counter.count += weight;
            down(counter);
        } else if (heap.size() < most) {
            Counter<K> added = new Counter<>(key, weight, 0, heap.size());
            counters.put(key, added);
            heap.add(added);
            up(added);
        } else {
            Counter<K> smallest = heap.getFirst();
            Counter<K> taken = new Counter<>(key, smallest.count + weight, smallest.count, 0);
            counters.remove(smallest.key);
            counters.put(key, taken);
            heap.set(0, taken);
            down(taken);
        }
    }

    /**
     * The call with a record has begun, for the first time.
     *
     * @param key its key; null: it has none
     * @param nanos how long ago it was received
     * @param now the time
     */
    public void began(@Nullable K key, long nanos, long now) {
        weigh(now);
        double seconds = nanos / SECOND;
        begun += weight;
        waited += weight * seconds;
        Counter<K> counter = key == null ? null : counters.get(key);
        if (counter != null) {
            counter.begun += weight;
            counter.waited += weight * seconds;
            counter.longest(seconds, window(now));
        }
    }

    /**
     * The keys with most records, most first. A key is told with what is proven of it, its count less the error; one for which
     * that is less than 1/k of all is left out, as it may as well be one of many.
     *
     * @param rows how many at most
     * @param now the time
     * @return what is known of them
     */
    public List<Row<K>> top(int rows, long now) {
        weigh(now);
        // Less than half of a record is left of all: it was long ago.
        if (total < weight / 2) {
            return List.of();
        }
        double least = Math.max(total / most, weight / 2);
        return heap.stream()
                .filter(each -> each.proven() >= least)
                .sorted(Comparator.comparingDouble((Counter<K> each) -> each.proven())
                        .reversed())
                .limit(rows)
                .map(each -> row(each, now))
                .toList();
    }

    private Row<K> row(Counter<K> counter, long now) {
        // What a constant rate would have added up to since the first record.
        double age = Math.max(SECOND, (double) now - start);
        double full = weight * memory / SECOND * -Math.expm1(-age / memory);
        double others = Math.max(0, begun - counter.begun);
        return new Row<>(
                counter.key,
                counter.proven() / total,
                counter.proven() / full,
                mean(counter.waited, counter.begun),
                counter.longest(window(now)),
                mean(Math.max(0, waited - counter.waited), others));
    }

    /** Of nearly nothing, there is no mean that would say something. */
    private double mean(double sum, double count) {
        return count < weight * 1e-3 ? 0 : sum / count;
    }

    /** The count of a key, which is too high by no more than the error; null: it has no counter. For tests. */
    @Nullable
    Estimate estimate(K key, long now) {
        weigh(now);
        Counter<K> counter = counters.get(key);
        return counter == null ? null : new Estimate(counter.count / weight, counter.error / weight);
    }

    /** What all records weigh. For tests. */
    double total(long now) {
        weigh(now);
        return total / weight;
    }

    /** The records of one poll all come at one time, so the exponential is worked out once for them. */
    private void weigh(long now) {
        if (start == Long.MIN_VALUE) {
            start = now;
            landmark = now;
            weighedAt = now;
        }
        if (now == weighedAt) {
            return;
        }
        weighedAt = now;
        double elapsed = ((double) now - landmark) / memory;
        if (elapsed > LARGEST) {
            scale(Math.exp(-elapsed));
            landmark = now;
            elapsed = 0;
        }
        weight = Math.exp(elapsed);
    }

    /** All by the same factor, so their order stays. */
    private void scale(double factor) {
        total *= factor;
        begun *= factor;
        waited *= factor;
        for (Counter<K> each : heap) {
            each.count *= factor;
            each.error *= factor;
            each.begun *= factor;
            each.waited *= factor;
        }
    }

    /** The longest wait can't be weighed; it is that of this window and the one before. */
    private long window(long now) {
        return (long) Math.floor(((double) now - start) / memory);
    }

    private void up(Counter<K> counter) {
        int at = counter.at;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (heap.get(parent).count <= counter.count) {
                break;
            }
            place(heap.get(parent), at);
            at = parent;
        }
        place(counter, at);
    }

    private void down(Counter<K> counter) {
        int at = counter.at;
        int child = 2 * at + 1;
        while (child < heap.size()) {
            if (child + 1 < heap.size() && heap.get(child + 1).count < heap.get(child).count) {
                child++;
            }
            if (counter.count <= heap.get(child).count) {
                break;
            }
            place(heap.get(child), at);
            at = child;
            child = 2 * at + 1;
        }
        place(counter, at);
    }

    private void place(Counter<K> counter, int at) {
        heap.set(at, counter);
        counter.at = at;
    }

    private static final class Counter<K> {
        private final K key;
        private double count;
        private double error;
        private double begun;
        private double waited;
        private int at;
        private long window = Long.MIN_VALUE;
        private double longest;
        private double longestBefore;

        private Counter(K key, double count, double error, int at) {
            this.key = key;
            this.count = count;
            this.error = error;
            this.at = at;
        }

        private double proven() {
            return count - error;
        }

        private void longest(double seconds, long now) {
            turn(now);
            longest = Math.max(longest, seconds);
        }

        private double longest(long now) {
            turn(now);
            return Math.max(longest, longestBefore);
        }

        private void turn(long now) {
            if (now != window) {
                longestBefore = now - 1 == window ? longest : 0;
                longest = 0;
                window = now;
            }
        }
    }

    /** A count with its error, in records of now. */
    record Estimate(double count, double error) {}

    /**
     * What is known of a key.
     *
     * @param key the key
     * @param share its part of the records, 0 to 1
     * @param perSecond its records per second
     * @param waitMean seconds between the receipt of its records and the beginning of their calls; 0 also where none has begun
     * @param waitLongest the longest of them, of the last two time constants at the most
     * @param othersWaitMean the mean of all other records
     * @param <K> the keys
     */
    public record Row<K>(
            K key, double share, double perSecond, double waitMean, double waitLongest, double othersWaitMean) {
        /**
         * Whether the key would gain from running side by side: it has a fifth of the records or more, and they wait for half a second
         * or more and four times as long as the others. Where all wait it is not the key's lane that they wait for.
         */
        public boolean waitsForItself() {
            return share >= HOT && waitMean >= NOTICEABLE && waitMean >= LONGER * othersWaitMean;
        }
    }
}
