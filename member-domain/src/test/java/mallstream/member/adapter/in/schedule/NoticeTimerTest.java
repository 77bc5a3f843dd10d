package mallstream.member.adapter.in.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import mallstream.member.application.port.in.ResolveNoticeCalls;
import mallstream.member.model.Unavailable;
import org.junit.jupiter.api.Test;

class NoticeTimerTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Calls calls = new Calls();
    private final NoticeTimer timer = new NoticeTimer(() -> 0, calls, meters);

    private Gauge gauge(String name) {
        return meters.get("mallstream.notice.calls." + name).gauge();
    }

    @Test
    void lost_calls_and_the_age_of_the_oldest_can_be_measured() {
        assertThat(gauge("lost").value()).isEqualTo(3);
        assertThat(gauge("oldest.age").value()).isEqualTo(90.5);
        assertThat(gauge("oldest.age").getId().getBaseUnit()).isEqualTo("seconds");
    }

    @Test
    void without_a_database_there_is_no_figure() {
        calls.away = true;

        timer.resolve();
        assertThat(gauge("lost").value()).isNaN();
        assertThat(gauge("oldest.age").value()).isNaN();
    }

    private static final class Calls implements ResolveNoticeCalls {
        private boolean away;

        private <T> T or(T answer) {
            if (away) {
                throw new Unavailable("database", new IllegalStateException());
            }
            return answer;
        }

        @Override
        public int resolve() {
            return or(0);
        }

        @Override
        public int lost() {
            return or(3);
        }

        @Override
        public Duration oldestAge() {
            return or(Duration.ofMillis(90_500));
        }
    }
}
