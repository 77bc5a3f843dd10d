package mallstream.kafka.consume;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pauses and limits of subscriptions at run time, under {@code control/<subscription>} in the control topic. Every
 * change writes all of a subscription's, so compaction keeps all of it.
 */
final class Controls {
    private static final Logger log = LoggerFactory.getLogger(Controls.class);
    private static final int MOST_PER_SECOND = 1_000_000;

    private final Shared<Control> shared;
    private final Clock clock;
    private final int mostInFlight;

    /**
     * @param follower not started yet
     * @param clock the time
     * @param mostInFlight the largest bound of calls in flight that may be configured
     */
    Controls(ControlFollower follower, Clock clock, int mostInFlight) {
        this.shared = follower.share("control/", Control.class);
        this.clock = clock;
        this.mostInFlight = mostInFlight;
    }

    /** What is changed of a subscription now, as far as this instance has read. */
    Control current(String name) {
        return of(shared.entry(name));
    }

    /**
     * Tells how a subscription is now, at once, and each change later.
     *
     * @param name a subscription
     * @param listener is called on the caller's thread once and then on the follower's; it must return at once, and may
     *     not change anything here
     */
    void onChange(String name, Consumer<Control> listener) {
        synchronized (shared) {
            listener.accept(current(name));
            shared.listen(name, value -> listener.accept(value == null ? Control.AS_CONFIGURED : value));
        }
    }

    /**
     * Pauses a subscription in all instances; one that is paused already keeps who paused it, and since when.
     *
     * @param name a subscription
     * @param by the name of the caller's key
     * @throws org.apache.kafka.common.KafkaException if it could not be stored; it may be there all the same
     */
    void pause(String name, String by) {
        Control.Pause pause = new Control.Pause(by, clock.instant());
        change(
                name,
                now -> now.paused() != null ? now : new Control(pause, now.maxInFlight(), now.perSecond()),
                "paused",
                by);
    }

    /**
     * Takes a pause back.
     *
     * @param name a subscription
     * @param by the name of the caller's key
     * @throws org.apache.kafka.common.KafkaException if it could not be stored; it may be there all the same
     */
    void resume(String name, String by) {
        change(
                name,
                now -> now.paused() == null ? now : new Control(null, now.maxInFlight(), now.perSecond()),
                "resumed",
                by);
    }

    /**
     * Sets the limits of a subscription, both at once.
     *
     * @param name a subscription
     * @param limits the limits; {@code null}s go back to what is configured
     * @param by the name of the caller's key
     * @throws ConsumerControl.InvalidRequest if a limit is out of its range
     * @throws org.apache.kafka.common.KafkaException if it could not be stored; it may be there all the same
     */
    void limits(String name, ConsumerControl.Limits limits, String by) {
        check("maxInFlight", limits.maxInFlight(), mostInFlight);
        check("perSecond", limits.perSecond(), MOST_PER_SECOND);
        change(
                name,
                now -> new Control(now.paused(), limits.maxInFlight(), limits.perSecond()),
                "limited to " + words(limits.maxInFlight(), "as many calls as configured", " calls") + " and "
                        + words(limits.perSecond(), "any rate", " records per second"),
                by);
    }

    private static void check(String field, @Nullable Integer value, int most) {
        if (value != null && (value < 1 || value > most)) {
            throw new ConsumerControl.InvalidRequest(field, "is " + value + ", must be 1 to " + most);
        }
    }

    private static String words(@Nullable Integer limit, String none, String unit) {
        return limit == null ? none : limit + unit;
    }

    private void change(String name, UnaryOperator<Control> change, String what, String by) {
        Control before = current(name);
        Control after = shared.update(name, current -> {
            Control then = change.apply(of(current));
            return current == null && then.equals(Control.AS_CONFIGURED) ? null : then;
        });
        if (after != null && !after.equals(before)) {
            log.info("{} was {} by {}", name, what, by);
        }
    }

    private static Control of(Shared.@Nullable Entry<Control> entry) {
        return entry == null ? Control.AS_CONFIGURED : entry.value();
    }
}
