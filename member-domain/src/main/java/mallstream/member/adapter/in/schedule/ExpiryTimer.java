package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.ExpirePoints;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Books expired points, every ten seconds and not by a cron at midnight in Korea: lots expire at the end of a Korean day
 * by themselves, a poll that finds none is one look at an index, and nothing is missed where no instance ran at midnight.
 */
@Component
final class ExpiryTimer {
    private final Rounds rounds;

    ExpiryTimer(ExpirePoints points) {
        this.rounds = new Rounds("The expiry of points", points::expire);
    }

    @Scheduled(fixedDelayString = "10s")
    void expire() {
        rounds.run();
    }
}
