package mallstream.order.adapter.in.schedule;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mallstream.order.application.port.in.OrderLanes;
import mallstream.order.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class LanesTimer {
    private static final Logger LOG = LoggerFactory.getLogger(LanesTimer.class);

    private final OrderLanes lanes;
    private final AtomicBoolean away = new AtomicBoolean();

    LanesTimer(OrderLanes lanes) {
        this.lanes = lanes;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void refresh() {
        try {
            lanes.refresh();
            away.set(false);
        } catch (Unavailable unavailable) {
            if (!away.getAndSet(true)) {
                LOG.warn(
                        "The lanes of malls stay as they are until the database is back: {}", unavailable.getMessage());
            }
        }
    }
}
