package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.PurgeOldRows;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets old rows every ten minutes, in small bites. */
@Component
final class PurgeTimer {
    private final Rounds rounds;

    PurgeTimer(PurgeOldRows rows) {
        this.rounds = new Rounds("The purge", rows::purge);
    }

    @Scheduled(initialDelayString = "1m", fixedDelayString = "10m")
    void purge() {
        rounds.run();
    }
}
