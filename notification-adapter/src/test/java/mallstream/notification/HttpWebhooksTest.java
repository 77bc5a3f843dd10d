package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpWebhooksTest {
    private static final byte[] SECRET = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "msg_p5jXN8AQM9LWM0D4loKWxJek | 1614265330 | {\"test\": 2432232314}"
                        + " | v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "evt_1 | 1735689600"
                        + " | {\"type\":\"member.signed_up\",\"timestamp\":\"2025-01-01T00:00:00Z\",\"data\":{\"memberId\":\"m-1\"}}"
                        + " | v1,NMLQmZFI1c+pnK3oLdFlhea1MY2ffW/hy+MDTEV/Qlw="
            })
    void the_published_vectors_give_their_signatures(String id, String timestamp, String body, String signature) {
        assertThat(HttpWebhooks.signatures(id, timestamp, body, List.of(SECRET)))
                .isEqualTo(signature);
    }

    @Test
    void each_secret_signs() {
        byte[] other = new byte[24];
        assertThat(HttpWebhooks.signatures("a", "1", "{}", List.of(SECRET, other)))
                .isEqualTo(HttpWebhooks.signatures("a", "1", "{}", List.of(SECRET)) + " "
                        + HttpWebhooks.signatures("a", "1", "{}", List.of(other)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "120 | PT2M",
                " 7  | PT7S",
                "86401 | PT24H",
                "99999999999999999999 | PT24H",
                "Fri, 02 Jan 2026 03:05:05 GMT | PT1M",
                "Fri, 2 Jan 2026 03:05:05 GMT | PT1M",
                "Fri, 02 Jan 2026 03:00:00 GMT | PT0S",
                "Wed, 02 Jan 2126 03:00:00 GMT | PT24H",
            })
    void a_receiver_may_ask_for_a_pause_of_a_day_at_most(String header, Duration pause) {
        assertThat(Http.pause(header, NOW, Duration.ofHours(24))).isEqualTo(pause);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "soon", "-5", "1.5", "2026-01-02T03:05:05Z", "١٢", "Mon, 02 Jan 2026 03:05:05 GMT"})
    void what_is_neither_seconds_nor_a_date_was_not_asked(@Nullable String header) {
        assertThat(Http.pause(header, NOW, Duration.ofHours(24))).isNull();
    }
}
