package mallstream.member.adapter.in.schedule;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.DoubleSupplier;
import mallstream.member.application.port.in.AdvanceNoticeCampaigns;
import mallstream.member.application.port.in.ResolveNoticeCalls;
import mallstream.member.model.Unavailable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Takes notice campaigns on while there is something to do, and finds out what became of lost calls. */
@Component
final class NoticeTimer {
    private final Rounds advancing;
    private final Rounds resolving;

    NoticeTimer(AdvanceNoticeCampaigns campaigns, ResolveNoticeCalls calls, MeterRegistry meters) {
        this.advancing = new Rounds("A notice campaign", campaigns::advance);
        this.resolving = new Rounds("A lost call of a notice campaign", calls::resolve);
        Gauge.builder("mallstream.notice.calls.lost", () -> orNone(calls::lost))
                .description("Calls of notice campaigns whose answer was lost and that wait for a look-up")
                .register(meters);
        Gauge.builder(
                        "mallstream.notice.calls.oldest.age",
                        () -> orNone(() -> calls.oldestAge().toMillis() / 1000.0))
                .description("How long ago the oldest call of a notice campaign began that has not ended")
                .baseUnit("seconds")
                .register(meters);
    }

    private static double orNone(DoubleSupplier figure) {
        try {
            return figure.getAsDouble();
        } catch (Unavailable e) {
            return Double.NaN;
        }
    }

    /** Publishing must not be what a campaign waits for; where there is none a look is one small query. */
    @Scheduled(fixedDelayString = "100ms")
    void advance() {
        advancing.run();
    }

    @Scheduled(fixedDelayString = "1s")
    void resolve() {
        resolving.run();
    }
}
