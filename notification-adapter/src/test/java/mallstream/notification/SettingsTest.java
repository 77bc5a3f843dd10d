package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Duration FIVE = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.0.0.1",
                "127.0.0.0/",
                "127.0.0.0/33",
                "127.0.0.1/8",
                "127.1/8",
                "localhost/8",
                "::/129",
                "fd00::1/8",
                "::ffff:127.0.0.1/128",
                "0177.0.0.0/8",
                "127.0.0.0/8/8",
                "127.0.0.0/-1"
            })
    void what_is_no_range_is_refused_with_key_and_value(String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookSettings(List.of("10.0.0.0/8", range), false, FIVE, 10, 2))
                .withMessageContaining("mallstream.webhook.allow")
                .withMessageContaining("'" + range + "'");
    }

    @Test
    void ranges_of_both_kinds_are_taken() {
        assertThat(new WebhookSettings(List.of("0.0.0.0/0", "127.0.0.1/32", "::/0", "fd00::/8"), true, FIVE, 1, 1)
                        .allowed())
                .hasSize(4);
    }

    @Test
    void numbers_out_of_range_are_refused_with_key_value_and_range() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookSettings(List.of(), false, FIVE, 0, 1))
                .withMessage("mallstream.webhook.max-calls is 0, must be 1 to 1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookSettings(List.of(), false, FIVE, 10, 11))
                .withMessage("mallstream.webhook.max-calls-per-endpoint is 11, must be 1 to 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookSettings(List.of(), false, Duration.ofMinutes(2), 10, 1))
                .withMessage("mallstream.webhook.timeout is 120000 ms, must be 100 to 40000 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewaySettings(null, "", "", "", 0, FIVE))
                .withMessage("mallstream.notice.gateway.requests-per-second is 0, must be 1 to 1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewaySettings(null, "", "", "", 1, Duration.ZERO))
                .withMessage("mallstream.notice.gateway.timeout is 0 ms, must be 100 to 60000 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "ftp://gateway", "https:gateway", "https://gateway?a=b", "https://gateway/#a"})
    void a_gateway_address_of_another_form_is_refused_with_key_and_value(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewaySettings(URI.create(url), "a", "s", "k", 10, FIVE))
                .withMessageStartingWith("mallstream.notice.gateway.base-url is '" + url + "'");
    }

    @Test
    void all_that_is_missing_beside_the_gateways_address_is_named_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewaySettings(URI.create("https://g"), "", "", "", 10, FIVE))
                .withMessage(
                        "mallstream.notice.gateway.app-key, mallstream.notice.gateway.secret-key,"
                                + " mallstream.notice.gateway.sender-key must be set where mallstream.notice.gateway.base-url is");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewaySettings(URI.create("https://g"), "app", "", "sender", 10, FIVE))
                .withMessageStartingWith("mallstream.notice.gateway.secret-key must be set");
    }

    @Test
    void secrets_are_shown_neither_in_a_refusal_nor_in_toString() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewaySettings(URI.create("https://g"), "app", "pass word", "sender", 10, FIVE))
                .withMessageContaining("mallstream.notice.gateway.secret-key")
                .withMessageNotContaining("pass word");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewaySettings(URI.create("https://u:pass@g"), "app", "s", "sender", 10, FIVE))
                .withMessageContaining("mallstream.notice.gateway.base-url")
                .withMessageNotContaining("pass");
        assertThat(new GatewaySettings(URI.create("https://g"), "app1", "secret1", "sender1", 10, FIVE).toString())
                .contains("https://g")
                .doesNotContain("app1", "secret1", "sender1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "mall",
                "mall@",
                "@mall.example",
                "a@mall.example, b@mall.example",
                "a@mall.example\r\nBcc: b@mall.example",
                "a@sixty-one-characters.sixty-one-characters.sixty-one-characters1.kr"
            })
    void what_is_no_sender_of_mail_is_refused_with_key_and_value(String from) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MailSettings(from, FIVE))
                .withMessage("mallstream.notice.mail.from is '" + from
                        + "', must be one mail address with a domain of at most 60 characters");
    }

    @Test
    void a_sender_of_mail_has_a_name_or_none_and_is_absent_where_there_is_no_mail() {
        assertThat(new MailSettings("notice@mall.example", FIVE).domain()).isEqualTo("mall.example");
        assertThat(new MailSettings("몰 <notice@mall.example>", FIVE).sender().getAddress())
                .isEqualTo("notice@mall.example");
        assertThat(new MailSettings("", FIVE).from()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MailSettings("", Duration.ofMillis(999)))
                .withMessage("mallstream.notice.mail.timeout is 999 ms, must be 1000 to 60000 ms");
    }
}
