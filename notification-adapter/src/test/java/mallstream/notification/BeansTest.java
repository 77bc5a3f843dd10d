package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.port.out.SendNotices.Notice;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.SendWebhooks.Message;
import mallstream.member.application.port.out.SendWebhooks.Result;
import mallstream.member.model.Unavailable;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class BeansTest {
    @Test
    void both_senders_start_from_their_settings_alone_and_end_with_the_context() {
        Duration timeout = Duration.ofSeconds(1);
        SendWebhooks webhooks;
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(WebhookSettings.class, () -> new WebhookSettings(List.of(), false, timeout, 4, 2));
            context.registerBean(GatewaySettings.class, () -> new GatewaySettings(null, "", "", "", 1, timeout));
            context.scan("mallstream.notification");
            context.refresh();

            webhooks = context.getBean(SendWebhooks.class);
            assertThat(webhooks.whyNot(URI.create("https://localhost/")))
                    .contains("the host must have public addresses only");
            assertThat(webhooks.ended(timeout)).isEmpty();
            SendNotices notices = context.getBean(SendNotices.class);
            Recipient recipient = new Recipient(UUID.randomUUID(), "01012345678", "홍길동");
            assertThatExceptionOfType(Unavailable.class)
                    .isThrownBy(() -> notices.send(new Notice(UUID.randomUUID(), "YEARLY", null, List.of(recipient))));
        }
        Message message = new Message(
                "msg_1",
                UUID.randomUUID(),
                URI.create("https://localhost/"),
                List.of(new byte[24]),
                "{}",
                Instant.EPOCH);
        webhooks.start(List.of(message));
        assertThat(webhooks.ended(timeout)).containsExactly(new SendWebhooks.Ended(message, new Result.NotMade()));
    }
}
