package mallstream.member.adapter.in.schedule;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import mallstream.member.application.port.in.AttemptWebhooks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WebhookTimerTest {
    private final Attempts attempts = new Attempts();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final WebhookTimer timer = new WebhookTimer(attempts, meters);
    private final Logger log = (Logger) LoggerFactory.getLogger(WebhookTimer.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void stop() {
        log.detachAppender(logged);
    }

    @Test
    void an_endpoint_that_was_disabled_by_itself_is_told_once_to_log_and_metrics_also_at_the_end() {
        var first = new AttemptWebhooks.Disabled(uuid(), MALL, "failing");
        var second = new AttemptWebhooks.Disabled(uuid(), MALL, "gone");
        assertThat(counted()).isZero();

        attempts.disabled.add(first);
        timer.attempt();
        timer.attempt();
        attempts.disabled.add(second);
        timer.close();

        assertThat(counted()).isEqualTo(2);
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "The webhook endpoint " + first.endpointId() + " of mall-1 is disabled: failing",
                        "The webhook endpoint " + second.endpointId() + " of mall-1 is disabled: gone");
        assertThat(logged.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.WARN);
    }

    private double counted() {
        return meters.get("mallstream.webhook.endpoints.disabled").counter().count();
    }

    private static final class Attempts implements AttemptWebhooks {
        private final List<Disabled> disabled = new ArrayList<>();

        @Override
        public int attemptDue() {
            return 0;
        }

        @Override
        public int giveUpDisabled() {
            return 0;
        }

        @Override
        public List<Disabled> disabled() {
            List<Disabled> taken = List.copyOf(disabled);
            disabled.clear();
            return taken;
        }

        @Override
        public void finish() {}
    }
}
