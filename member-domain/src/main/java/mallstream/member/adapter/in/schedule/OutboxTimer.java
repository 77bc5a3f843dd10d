package mallstream.member.adapter.in.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import mallstream.member.application.port.in.RelayEvents;
import mallstream.member.model.Unavailable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Relays the outbox fifty times a second, as somebody waits for it; a poll that finds nothing is one small query. */
@Component
final class OutboxTimer {
    private final RelayEvents outbox;
    private final Rounds rounds;

    OutboxTimer(RelayEvents outbox, MeterRegistry meters) {
        this.outbox = outbox;
        Counter published = Counter.builder("mallstream.outbox.published")
                .description("Events that the broker has confirmed")
                .register(meters);
        this.rounds = new Rounds("The outbox", () -> {
            int count = outbox.relay();
            published.increment(count);
            return count;
        });
        Gauge.builder("mallstream.outbox.oldest.age", this, OutboxTimer::oldestAge)
                .description("How long the oldest unpublished event has been waiting")
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
    }

    @Scheduled(fixedDelayString = "20ms")
    void relay() {
        rounds.run();
    }

    private double oldestAge() {
        try {
            return outbox.oldestAge().toMillis() / 1000.0;
        } catch (Unavailable e) {
            return Double.NaN;
        }
    }
}
