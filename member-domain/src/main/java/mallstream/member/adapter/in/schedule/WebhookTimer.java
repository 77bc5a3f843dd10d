package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.AttemptWebhooks;
import mallstream.member.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes due webhook attempts. Four runners stand side by side, because a round lasts as long as its slowest receiver; the
 * deliveries of one endpoint are with one runner at a time.
 */
@Component
final class WebhookTimer {
    private static final Logger log = LoggerFactory.getLogger(WebhookTimer.class);
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
        try {
            int count;
            do {
                count = webhooks.attemptDue();
            } while (count > 0);
        } catch (Unavailable e) {
            log.warn("Webhook attempts wait: {}", e.getMessage());
        }
    }
}
