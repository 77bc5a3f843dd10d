package mallstream.member.adapter.in.schedule;

import mallstream.member.application.port.in.AttemptWebhooks;
import mallstream.member.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes due webhook attempts. A round starts what is due and records what has ended; it waits for no receiver, so one
 * runner is enough.
 */
@Component
final class WebhookTimer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebhookTimer.class);

    private final AttemptWebhooks webhooks;

    WebhookTimer(AttemptWebhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Scheduled(fixedDelayString = "50ms")
    void attempt() {
        Rounds.run("A webhook attempt", webhooks::attemptDue);
    }

    /** A tick of its own, as a backlog of days takes many. */
    @Scheduled(fixedDelayString = "1s")
    void giveUpDisabled() {
        Rounds.run("The end of a webhook endpoint", webhooks::giveUpDisabled);
    }

    /** The platform stops: what is under way is waited for, or its receivers would get it a second time. */
    @Override
    public void close() {
        try {
            webhooks.finish();
        } catch (Unavailable e) {
            log.warn("The last webhook attempts were not recorded and come again: {}", e.getMessage());
        }
    }
}
