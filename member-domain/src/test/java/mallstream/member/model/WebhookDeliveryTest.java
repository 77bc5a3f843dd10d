package mallstream.member.model;

import static mallstream.member.model.WebhookDelivery.waitAfter;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import mallstream.member.ports.Some;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookDeliveryTest {
    private static final RandomGenerator NO_JITTER = () -> 0L;

    @ParameterizedTest
    @CsvSource({
        "1, PT5S",
        "2, PT5M",
        "3, PT30M",
        "4, PT2H",
        "5, PT5H",
        "6, PT10H",
        "7, PT14H",
        "8, PT20H",
        "9, PT24H",
    })
    void attempts_follow_the_schedule_of_standard_webhooks(int made, Duration wait) {
        assertThat(waitAfter(made, null, NO_JITTER)).isEqualTo(wait);
    }

    @Test
    void after_the_tenth_attempt_there_is_none() {
        assertThat(waitAfter(10, null, NO_JITTER)).isNull();
        assertThat(waitAfter(10, Duration.ofSeconds(1), NO_JITTER)).isNull();
    }

    @Test
    void what_the_receiver_asks_for_counts_where_it_is_longer() {
        assertThat(waitAfter(1, Duration.ofMinutes(7), NO_JITTER)).isEqualTo(Duration.ofMinutes(7));
        assertThat(waitAfter(1, Duration.ofSeconds(1), NO_JITTER)).isEqualTo(Duration.ofSeconds(5));
    }

    @RepeatedTest(20)
    void jitter_adds_a_tenth_at_the_most() {
        assertThat(waitAfter(2, null, Some.RANDOM)).isBetween(Duration.ofSeconds(300), Duration.ofSeconds(330));
    }
}
