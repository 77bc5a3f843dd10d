package mallstream.member.adapter.in.schedule;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a timer does at a tick. Ticks of one timer follow each other. */
final class Rounds {
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    /** A tick ends after so many rounds although there is more to do, so that a stop need not wait for a backlog. */
    private static final int MOST = 20;

    private final String what;
    private final IntSupplier round;
    /** Why the last tick failed. */
    private final AtomicReference<@Nullable String> failing = new AtomicReference<>();

    /**
     * @param what for the log, for instance {@code The outbox}
     * @param round gives how much it did
     */
    Rounds(String what, IntSupplier round) {
        this.what = what;
        this.round = round;
    }

    /**
     * Goes round while there is something to do. An infrastructure that fails ends the tick; the next one tries again.
     * That it fails, and for another reason, is said once and not fifty times a second; so is that it works again.
     */
    void run() {
        try {
            for (int made = 0; made < MOST && round.getAsInt() > 0; made++) {
                // The condition does the work.
            }
            if (failing.getAndSet(null) != null) {
                log.info("{} goes on", what);
            }
        } catch (Unavailable e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(failing.getAndSet(why))) {
                log.warn("{} waits: {}", what, why);
            }
        }
    }
}
