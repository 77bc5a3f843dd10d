package mallstream.member.adapter.in.schedule;

import java.util.function.IntSupplier;
import mallstream.member.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a timer does at a tick. */
final class Rounds {
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    /** A tick ends after so many rounds although there is more to do, so that a stop need not wait for a backlog. */
    private static final int MOST = 20;

    private Rounds() {}

    /**
     * Goes round while there is something to do. An infrastructure that fails ends the tick; the next one tries again.
     *
     * @param what for the log, for instance {@code The outbox}
     * @param round gives how much it did
     */
    static void run(String what, IntSupplier round) {
        try {
            for (int made = 0; made < MOST && round.getAsInt() > 0; made++) {
                // The condition does the work.
            }
        } catch (Unavailable e) {
            log.warn("{} waits: {}", what, e.getMessage());
        }
    }
}
