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

    /** After the fifth failure at one time. */
    private static EndpointHealth paused() {
        return new EndpointHealth(5, 1, NOW, NOW.plusSeconds(10), NOW, Duration.ZERO);
    }

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

        assertThat(health).isEqualTo(paused());
        assertThat(health.isPaused(NOW.plusMillis(9999))).isTrue();
        assertThat(health.isPaused(NOW.plusSeconds(10))).isFalse();
    }

    @Test
    void each_failure_after_a_pause_makes_one_twice_as_long_up_to_a_quarter_of_an_hour() {
        EndpointHealth health = paused();
        for (int seconds : new int[] {20, 40, 80, 160, 320, 640, 900, 900, 900, 900, 900}) {
            Instant end = Objects.requireNonNull(health.pausedUntil());
            health = failing(health, end);
            assertThat(Duration.between(end, health.pausedUntil())).hasSeconds(seconds);
        }
        assertThat(health.failingSince()).isEqualTo(NOW);
    }

    @Test
    void failures_during_a_pause_make_it_no_longer_unless_they_ask() {
        assertThat(failing(paused(), NOW.plusSeconds(5)))
                .isEqualTo(
                        new EndpointHealth(6, 1, NOW, NOW.plusSeconds(10), NOW.plusSeconds(5), Duration.ofSeconds(5)));
        assertThat(paused().afterFailure(NOW, true, Duration.ofSeconds(60), NO_JITTER)
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
        for (int day = 1; day < 5; day++) {
            health = failing(health, NOW.plus(Duration.ofDays(day)));
        }

        assertThat(failing(health, NOW.plus(Duration.ofDays(5)).minusMillis(1)).isHopeless())
                .isFalse();
        assertThat(failing(health, NOW.plus(Duration.ofDays(5))).isHopeless()).isTrue();
        assertThat(EndpointHealth.WELL.isHopeless()).isFalse();
    }

    @Test
    void more_than_two_days_without_an_attempt_count_neither_for_nor_against() {
        EndpointHealth health = failing(failing(EndpointHealth.WELL, NOW), NOW.plus(Duration.ofDays(2)));
        assertThat(health.failed()).isEqualTo(Duration.ofDays(2));

        Instant late = NOW.plus(Duration.ofDays(30));
        health = failing(health, late);
        assertThat(health.failed()).isEqualTo(Duration.ofDays(2));
        assertThat(health.failingSince()).isEqualTo(NOW);

        health = failing(failing(health, late.plus(Duration.ofDays(2))), late.plus(Duration.ofDays(3)));
        assertThat(health.isHopeless()).isTrue();
    }

    @Test
    void what_the_jar_before_this_one_left_is_taken_for_no_time_and_clocks_may_differ() {
        assertThat(failing(new EndpointHealth(3, 0, NOW, null, null, Duration.ZERO), NOW.plusSeconds(9))
                        .failed())
                .isZero();
        var cured = new EndpointHealth(0, 0, null, null, NOW, Duration.ofDays(4));
        assertThat(failing(cured, NOW.plusSeconds(9)).failed()).isZero();
        var behind = new EndpointHealth(1, 0, NOW, null, NOW, Duration.ofDays(4));
        assertThat(failing(behind, NOW.minusSeconds(9)).failed()).isEqualTo(Duration.ofDays(4));
    }
}
