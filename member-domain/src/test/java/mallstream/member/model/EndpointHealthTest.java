package mallstream.member.model;

import static mallstream.member.ports.Some.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.random.RandomGenerator;
import mallstream.member.ports.Some;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class EndpointHealthTest {
    private static final RandomGenerator NO_JITTER = () -> 0L;

    private static EndpointHealth failing(EndpointHealth health, Instant at) {
        return health.afterFailure(at, false, null, NO_JITTER);
    }

    @Test
    void the_fifth_failure_in_a_row_makes_a_pause_of_ten_seconds() {
        EndpointHealth health = EndpointHealth.WELL;
        for (int n = 0; n < 4; n++) {
            health = failing(health, NOW);
            assertThat(health.pausedUntil()).isNull();
        }
        health = failing(health, NOW);

        assertThat(health).isEqualTo(new EndpointHealth(5, 1, NOW, NOW.plusSeconds(10)));
        assertThat(health.isPaused(NOW.plusMillis(9999))).isTrue();
        assertThat(health.isPaused(NOW.plusSeconds(10))).isFalse();
    }

    @Test
    void each_failure_after_a_pause_makes_one_twice_as_long_up_to_a_quarter_of_an_hour() {
        EndpointHealth health = new EndpointHealth(5, 1, NOW, NOW.plusSeconds(10));
        for (int seconds : new int[] {20, 40, 80, 160, 320, 640, 900, 900, 900, 900, 900}) {
            Instant end = Objects.requireNonNull(health.pausedUntil());
            health = failing(health, end);
            assertThat(Duration.between(end, health.pausedUntil())).hasSeconds(seconds);
        }
        assertThat(health.failingSince()).isEqualTo(NOW);
    }

    @Test
    void failures_during_a_pause_make_it_no_longer_unless_they_ask() {
        EndpointHealth paused = new EndpointHealth(5, 1, NOW, NOW.plusSeconds(10));

        assertThat(failing(paused, NOW.plusSeconds(5))).isEqualTo(new EndpointHealth(6, 1, NOW, NOW.plusSeconds(10)));
        assertThat(paused.afterFailure(NOW, true, Duration.ofSeconds(60), NO_JITTER)
                        .pausedUntil())
                .isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void an_overloaded_endpoint_is_paused_at_once_for_as_long_as_it_asks() {
        assertThat(EndpointHealth.WELL.afterFailure(NOW, true, null, NO_JITTER).pausedUntil())
                .isEqualTo(NOW.plusSeconds(10));
        assertThat(EndpointHealth.WELL
                        .afterFailure(NOW, true, Duration.ofMinutes(2), NO_JITTER)
                        .pausedUntil())
                .isEqualTo(NOW.plusSeconds(120));
    }

    @RepeatedTest(20)
    void jitter_adds_a_tenth_at_the_most() {
        assertThat(EndpointHealth.WELL
                        .afterFailure(NOW, true, null, Some.RANDOM)
                        .pausedUntil())
                .isBetween(NOW.plusSeconds(10), NOW.plusSeconds(11));
    }

    @Test
    void five_days_of_failures_are_hopeless() {
        EndpointHealth health = failing(EndpointHealth.WELL, NOW);

        assertThat(health.isHopeless(NOW.plus(Duration.ofDays(5)).minusMillis(1)))
                .isFalse();
        assertThat(health.isHopeless(NOW.plus(Duration.ofDays(5)))).isTrue();
        assertThat(EndpointHealth.WELL.isHopeless(Instant.MAX)).isFalse();
    }
}
