package mallstream.order.adapter.in.schedule;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mallstream.order.application.port.in.PullOrders;
import mallstream.order.application.port.in.PullOrders.Pulled;
import mallstream.order.model.MallId;
import mallstream.order.model.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Begins the accounts that are due. Each has a virtual thread of its own while it is at work, so a source that answers one
 * account slowly holds no other; the tick itself waits for none of them.
 */
@Component
class PullTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PullTimer.class);
    private static final Duration AFTER_UNAVAILABLE = Duration.ofSeconds(5);
    private static final Duration AFTER_BROKEN = Duration.ofMinutes(1);

    /** Shorter than Spring's phase of shutdown: a page that takes longer is cut, and comes again. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(20);

    private final PullOrders orders;
    private final Clock clock;
    private final SimpleAsyncTaskExecutor threads;
    private final Map<MallId, Instant> rests = new ConcurrentHashMap<>();
    private final Map<MallId, String> failing = new ConcurrentHashMap<>();
    private final Set<MallId> atWork = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    PullTimer(PullOrders orders, Clock clock, MeterRegistry meters) {
        this.orders = orders;
        this.clock = clock;
        this.threads = new SimpleAsyncTaskExecutor("order-pull-");
        threads.setVirtualThreads(true);
        // Never reached, since no account has two.
        threads.setConcurrencyLimit(orders.accounts().size() + 1);
        threads.setTaskTerminationTimeout(LONGEST_CLOSE.toMillis());
        for (MallId mallId : orders.accounts()) {
            Gauge.builder("mallstream.order.pull.watermark.age", () -> behind(mallId))
                    .description("How long ago the moment is up to which all changes of the account are stored")
                    .baseUnit("seconds")
                    .tag("account", mallId.value())
                    .register(meters);
        }
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void tick() {
        Instant now = clock.instant();
        for (MallId mallId : orders.accounts()) {
            if (!now.isBefore(rests.getOrDefault(mallId, Instant.MIN)) && !closed.get() && atWork.add(mallId)) {
                threads.execute(() -> {
                    try {
                        rests.put(mallId, pull(mallId));
                    } finally {
                        atWork.remove(mallId);
                    }
                });
            }
        }
    }

    /** Goes on while there is more to do; gives until when the account rests then. */
    private Instant pull(MallId mallId) {
        try {
            while (!closed.get()) {
                switch (orders.pull(mallId)) {
                    case Pulled.MoreToDo more -> works(mallId);
                    case Pulled.CaughtUp caughtUp -> {
                        works(mallId);
                        return caughtUp.next();
                    }
                    case Pulled.RestUntil rest -> {
                        LOG.debug("Orders of {} rest until {}: {}", mallId, rest.until(), rest.why());
                        return rest.until();
                    }
                    case Pulled.Failing fails -> {
                        fails(mallId, fails.why(), fails.traceId() == null ? "" : ", trace " + fails.traceId());
                        return fails.until();
                    }
                }
            }
        } catch (Unavailable unavailable) {
            fails(mallId, String.valueOf(unavailable.getMessage()), "");
            return clock.instant().plus(AFTER_UNAVAILABLE);
        } catch (RuntimeException broken) {
            // Its message may quote what was read.
            fails(mallId, broken.getClass().getName(), "");
            return clock.instant().plus(AFTER_BROKEN);
        }
        return clock.instant();
    }

    /** Said once for each reason, not at each try. */
    private void fails(MallId mallId, String why, String trace) {
        if (!why.equals(failing.put(mallId, why))) {
            LOG.warn(
                    "Orders of {} are not pulled: {}{}. They come when that is over; none is lost.",
                    mallId,
                    why,
                    trace);
        }
    }

    private void works(MallId mallId) {
        if (failing.remove(mallId) != null) {
            LOG.info("Orders of {} are pulled again", mallId);
        }
    }

    private double behind(MallId mallId) {
        try {
            return orders.behind(mallId).toMillis() / 1000.0;
        } catch (Unavailable unavailable) {
            return Double.NaN;
        }
    }

    /** Lets the pages end that are being pulled, and begins none. */
    @Override
    public void close() {
        closed.set(true);
        threads.close();
    }
}
