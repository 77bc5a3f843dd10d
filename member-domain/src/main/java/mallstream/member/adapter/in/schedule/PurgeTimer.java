package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.PurgeOldRows;
import mallstream.member.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets old rows every ten minutes, in small bites. */
@Component
final class PurgeTimer {
    private static final Logger log = LoggerFactory.getLogger(PurgeTimer.class);

    private final PurgeOldRows rows;

    PurgeTimer(PurgeOldRows rows) {
        this.rows = rows;
    }

    @Scheduled(initialDelayString = "1m", fixedDelayString = "10m")
    void purge() {
        try {
            int count;
            do {
                count = rows.purge();
            } while (count > 0);
        } catch (Unavailable e) {
            log.warn("The purge waits: {}", e.getMessage());
        }
    }
}
