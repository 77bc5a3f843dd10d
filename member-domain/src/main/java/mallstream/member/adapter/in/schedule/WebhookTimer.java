package mallstream.member.adapter.in.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
    private final Counter disabled;
    private final Rounds rounds;
    private final Rounds ends;

    WebhookTimer(AttemptWebhooks webhooks, MeterRegistry meters) {
        this.webhooks = webhooks;
        this.disabled = Counter.builder("mallstream.webhook.endpoints.disabled")
                .description("Webhook endpoints that were disabled because they are gone or keep failing")
                .register(meters);
        this.rounds = new Rounds("A webhook attempt", webhooks::attemptDue);
        this.ends = new Rounds("The end of a webhook endpoint", webhooks::giveUpDisabled);
    }

    @Scheduled(fixedDelayString = "50ms")
    void attempt() {
        rounds.run();
        tellDisabled();
    }

    /** Their malls see it too, but nobody says that they look. The address may hold a secret and is not told. */
    private void tellDisabled() {
        webhooks.disabled().forEach(one -> {
            disabled.increment();
            log.warn("The webhook endpoint {} of {} is disabled: {}", one.endpointId(), one.mallId(), one.why());
        });
    }

    /** A tick of its own, as a backlog of days takes many. */
    @Scheduled(fixedDelayString = "1s")
    void giveUpDisabled() {
        ends.run();
    }

    /** The platform stops: what is under way is waited for, or its receivers would get it a second time. */
    @Override
    public void close() {
        try {
            webhooks.finish();
        } catch (Unavailable e) {
            log.warn("The last webhook attempts were not recorded and come again: {}", e.getMessage());
        }
        tellDisabled();
    }
}
