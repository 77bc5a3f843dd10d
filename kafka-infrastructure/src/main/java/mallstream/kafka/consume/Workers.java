package mallstream.kafka.consume;

import java.util.concurrent.atomic.AtomicBoolean;
import mallstream.kafka.Permitted;
import mallstream.kafka.consume.core.Call;
import mallstream.kafka.consume.core.Handover;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual threads that work on the calls of one subscription. One goes on with the next call when its call has ended: where
 * handlers wait for nothing, a few threads work off thousands of calls, and where they wait, each call has a thread of its own.
 *
 * <p>Nobody measures which of the two it is. Whoever begins a call while more is to be done sees to it that one thread stands by:
 * started, and not yet run. As long as handlers keep the processors busy it stays so. The moment a handler waits for
 * something, the processor that becomes free runs it; it takes the next call, and lets another one stand by. Turned down: a
 * thread per call, which costs more than all the rest of a call that does nothing.
 *
 * @param <R> the records
 */
final class Workers<R> {
    /** After so many calls a thread ends and the next one goes on: the other subscriptions' threads get their turn in between. */
    private static final int MOST_CALLS = 256;
    /** And after so long: handlers that compute do not let go of their processor by themselves. In nanoseconds. */
    private static final long SLICE = 50_000_000;

    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    private final String name;
    private final Work<R> work;
    private final Handover<R> handover;
    private final AtomicBoolean standsBy = new AtomicBoolean();

    /**
     * @param name of the threads
     * @param handover where calls come from and go to
     * @param work what to do with them
     */
    Workers(String name, Handover<R> handover, Work<R> work) {
        this.name = name;
        this.handover = handover;
        this.work = work;
    }

    /** Lets a thread work if something is to be done; to be called by whoever had the lock and is no worker. */
    void wake() {
        if (handover.waits()) {
            standBy();
        }
    }

    @Permitted(
            reason =
                    "one thread stands by, the others work on a call each; the engine bounds the calls by max-in-flight")
    private void standBy() {
        if (!standsBy.get() && standsBy.compareAndSet(false, true)) {
            try {
                Thread.ofVirtual().name(name).start(this::run);
            } catch (RuntimeException | Error e) {
                // Whoever asks next tries again, and whoever asked now has a call to work on.
                standsBy.set(false);
                log.error("{}: no thread could be started", name, e);
            }
        }
    }

    private void run() {
        // From here on another one may stand by; what was to be done before that is seen below.
        standsBy.set(false);
        work.around(this::calls);
    }

    private void calls(Delivery.Place place) {
        long began = Long.MAX_VALUE;
        long now = Long.MIN_VALUE;
        for (int i = 0; i < MOST_CALLS && now - began <= SLICE; i++) {
            Call<R> call = handover.take();
            if (call == null) {
                work.settle();
                call = handover.take();
            }
            if (call == null) {
                return;
            }
            if (handover.waits()) {
                standBy();
            }
            work.on(call, place);
            // Its start and not its end: there is no need to look at the clock once more for each call.
            now = call.startedAt();
            began = Math.min(began, now);
            handover.ended(call);
        }
        work.settle();
        wake();
    }
}
