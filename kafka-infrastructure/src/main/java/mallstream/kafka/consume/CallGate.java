package mallstream.kafka.consume;

import java.util.concurrent.Semaphore;

/**
 * Lets a bounded number of handler calls through at a time, in the order in which they came: those that need the
 * database, so that hundreds of them on ten connections wait here, where waiting is no failure, and not in the pool,
 * where it ends in a timeout that looks like an outage.
 *
 * <p>Whoever waits has its place among the calls in flight already, so what waits here is bounded by them.
 */
public final class CallGate {
    private final int permits;
    private final Semaphore places;

    /**
     * @param permits calls at the same time, 1 or more
     * @throws IllegalArgumentException if there are none: nothing would ever pass
     */
    public CallGate(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits: is " + permits + ", must be 1 or more");
        }
        this.permits = permits;
        this.places = new Semaphore(permits, true);
    }

    /**
     * Waits for a place, for as long as it takes. Whoever got in must {@link #leave}.
     *
     * @throws InterruptedException if the thread was interrupted while it waited or before; it is not in then
     */
    public void enter() throws InterruptedException {
        places.acquire();
    }

    /**
     * Gives the place to whoever has waited longest.
     *
     * @throws IllegalStateException if nobody is in: a place too many would break the bound for good
     */
    public void leave() {
        if (places.availablePermits() >= permits) {
            throw new IllegalStateException("left without having entered");
        }
        places.release();
    }

    /** Calls that may be in at the same time. */
    public int permits() {
        return permits;
    }

    /** Calls that wait now; for looking at, as it may change meanwhile. */
    public int waiting() {
        return places.getQueueLength();
    }
}
