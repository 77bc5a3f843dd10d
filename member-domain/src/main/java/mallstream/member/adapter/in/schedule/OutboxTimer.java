package mallstream.member.adapter.in.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import mallstream.member.application.port.in.RelayEvents;
import mallstream.member.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Relays the outbox ten times a second; a poll that finds nothing is one small query. */
@Component
final class OutboxTimer {
    private static final Logger log = LoggerFactory.getLogger(OutboxTimer.class);

    private final RelayEvents outbox;
    private final Counter published;

    OutboxTimer(RelayEvents outbox, MeterRegistry meters) {
        this.outbox = outbox;
        this.published = Counter.builder("mallstream.outbox.published")
                .description("Events that the broker has confirmed")
                .register(meters);
        Gauge.builder("mallstream.outbox.oldest.age", this, OutboxTimer::oldestAge)
                .description("How long the oldest unpublished event has been waiting")
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
    }

    @Scheduled(fixedDelayString = "100ms")
    void relay() {
        try {
            int count;
            do {
                count = outbox.relay();
                published.increment(count);
            } while (count > 0);
        } catch (Unavailable e) {
            log.warn("The outbox waits: {}", e.getMessage());
        }
    }

    private double oldestAge() {
        try {
            return outbox.oldestAge().toMillis() / 1000.0;
        } catch (Unavailable e) {
            return Double.NaN;
        }
    }
}
