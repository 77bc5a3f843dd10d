package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.AttemptWebhooks;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes due webhook attempts. Four runners stand side by side, because a round lasts as long as its slowest receiver; the
 * deliveries of one endpoint are with one runner at a time.
 */
@Component
final class WebhookTimer {
    private static final String EVERY = "250ms";

    private final AttemptWebhooks webhooks;

    WebhookTimer(AttemptWebhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Scheduled(fixedDelayString = EVERY)
    @Scheduled(fixedDelayString = EVERY)
    @Scheduled(fixedDelayString = EVERY)
    @Scheduled(fixedDelayString = EVERY)
    void attempt() {
        Rounds.run("A webhook attempt", webhooks::attemptDue);
    }
}
