package mallstream.kafka.consume.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of records that one JVM may hold, over all subscriptions. A third is for what clients have fetched and not
 * handed over yet, which their fetch settings bound; the rest is shared as {@link Shares} says. Before a poll the largest
 * fetch is reserved; where there is no room nothing is polled. A record that is larger than a fetch passes alone: it comes
 * by itself and is counted once it is there, and until then the next poll waits.
 */
public final class Budget {
    private final Shares shares;
    private final List<Part> parts = new ArrayList<>();

    /**
     * @param bytes the whole budget
     * @param subscriptions how many share it, 1 or more
     */
    public Budget(long bytes, int subscriptions) {
        long third = Math.max(subscriptions, bytes / 3);
        long fetch = third / subscriptions;
        this.shares = new Shares(subscriptions, fetch, third, fetch);
    }

    /** The largest fetch of one subscription in bytes, for its client's settings. */
    public long fetch() {
        return shares.step();
    }

    /** A new subscription's part. */
    public synchronized Part join() {
        Part part = new Part();
        parts.add(part);
        return part;
    }

    /** Bytes of the records that all subscriptions hold. */
    public synchronized long held() {
        return parts.stream().mapToLong(Part::held).sum();
    }

    private synchronized boolean reserve(Part asking) {
        long overdrawn = 0;
        for (Part each : parts) {
            overdrawn += shares.overdrawn(each.held() + each.reserved);
        }
        if (asking.held() == 0 || shares.allows(asking.held(), overdrawn)) {
            asking.reserved = shares.step();
            return true;
        }
        return false;
    }

    private synchronized void unreserve(Part asking) {
        asking.reserved = 0;
    }

    private synchronized void leave(Part leaving) {
        parts.remove(leaving);
    }

    /** What one subscription has. It is changed under that subscription's lock only. */
    public final class Part {
        private final AtomicLong held = new AtomicLong();
        private long reserved;

        private Part() {}

        /** Whether a poll may bring as much as the largest fetch; it stays reserved until {@link #polled}. */
        boolean reserve() {
            return Budget.this.reserve(this);
        }

        /** What the poll brought is counted as held now. */
        void polled() {
            unreserve(this);
        }

        /** Written under the subscription's lock, so nothing has to be atomic; others read it, a moment later if need be. */
        void add(long bytes) {
            held.lazySet(held.getPlain() + bytes);
        }

        /** Bytes of the records that are held. */
        public long held() {
            return held.get();
        }

        /** The subscription has ended. */
        public void close() {
            leave(this);
        }
    }
}
