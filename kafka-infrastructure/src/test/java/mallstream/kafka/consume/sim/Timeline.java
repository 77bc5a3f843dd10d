package mallstream.kafka.consume.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** Virtual time, and what is going to happen in it. What is due at the same time happens in the order of the asking. */
final class Timeline {
    static final long MS = 1_000_000;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final Runnable afterEach;
    private long now;
    private long order;

    Timeline(long now, Runnable afterEach) {
        this.now = now;
        this.afterEach = afterEach;
    }

    long now() {
        return now;
    }

    void in(long nanos, Runnable what) {
        events.add(new Event(now + nanos, order++, what));
    }

    /** Lets time pass until there is enough; inside of an event this is how somebody waits. */
    void pass(long nanos, BooleanSupplier enough) {
        long until = now + nanos;
        while (!enough.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.at > until) {
                now = Math.max(now, until);
                return;
            }
            events.remove();
            now = Math.max(now, next.at);
            next.what.run();
            afterEach.run();
        }
    }

    private record Event(long at, long order, Runnable what) {}
}
