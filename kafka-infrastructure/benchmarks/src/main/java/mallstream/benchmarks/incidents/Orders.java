package mallstream.benchmarks.incidents;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Predicate;
import mallstream.benchmarks.Event;

/** How long each order took from being sent to being applied, and whether the order of its mall held. */
final class Orders {
    private final List<Event> events;
    private final int warmUp;
    private final AtomicLongArray sent;
    private final AtomicLongArray took;
    private final AtomicIntegerArray turns;
    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger violations = new AtomicInteger();

    /**
     * @param events all orders
     * @param malls how many malls there are
     * @param warmUp how many of the first orders are not measured
     */
    Orders(List<Event> events, int malls, int warmUp) {
        this.events = events;
        this.warmUp = warmUp;
        this.sent = new AtomicLongArray(events.size());
        this.took = new AtomicLongArray(events.size());
        this.turns = new AtomicIntegerArray(malls);
    }

    /** It is sent now. */
    void sent(Event order) {
        sent.set(order.number(), System.nanoTime());
    }

    /** It is applied now. */
    void applied(Event order) {
        if (!turns.compareAndSet(order.key(), order.turn(), order.turn() + 1)) {
            violations.incrementAndGet();
        }
        took.set(order.number(), System.nanoTime() - sent.get(order.number()));
        applied.incrementAndGet();
    }

    /** How many are applied. */
    int count() {
        return applied.get();
    }

    /** How often an order was applied that was not the next of its mall. */
    int violations() {
        return violations.get();
    }

    /**
     * @param share 0.5 for the median, 0.99 for what one of a hundred exceeds
     * @param which of the orders
     * @return milliseconds from being sent to being applied; NaN if there are none
     */
    double millis(double share, Predicate<Event> which) {
        long[] sorted = events.stream()
                .skip(warmUp)
                .filter(which)
                .mapToLong(each -> took.get(each.number()))
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))] / 1e6;
    }
}
