package mallstream.order.adapter.in.schedule;

import java.util.concurrent.TimeUnit;
import mallstream.order.application.port.in.ForgetHandInKeys;
import mallstream.order.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class HandInKeyTimer {
    private static final Logger LOG = LoggerFactory.getLogger(HandInKeyTimer.class);

    private final ForgetHandInKeys keys;

    HandInKeyTimer(ForgetHandInKeys keys) {
        this.keys = keys;
    }

    @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void forgetExpired() {
        try {
            int forgotten = keys.forgetExpired();
            LOG.debug("Forgot {} idempotency keys of orders", forgotten);
        } catch (Unavailable unavailable) {
            LOG.warn("Idempotency keys of orders stay until the next round: {}", unavailable.getMessage());
        }
    }
}
