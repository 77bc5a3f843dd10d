package mallstream.kafka.consume;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mallstream.kafka.StartRefused;

/**
 * What stands under {@code mallstream.consume}.
 *
 * @param only the subscriptions that run in this instance; empty: all
 * @param bounds by name of the subscription
 */
public record ConsumeSettings(Set<String> only, Map<String, Bounds> bounds) {
    private static final Duration HOUR = Duration.ofHours(1);

    /**
     * @param settings what stands under {@code mallstream.consume}
     * @param catalog the subscriptions that there are
     * @return the settings, defaults filled in
     * @throws StartRefused if a value is out of range, or a key or a name is unknown
     */
    static ConsumeSettings read(Keys settings, SubscriptionCatalog catalog) {
        Map<String, Bounds> bounds = new TreeMap<>();
        for (Subscription<?> each : catalog.all()) {
            bounds.put(each.name(), bounds(settings, each));
        }
        List<String> only = settings.list("only");
        String names = "subscriptions: " + String.join(", ", bounds.keySet());
        for (String name : only) {
            if (!bounds.containsKey(name)) {
                throw new StartRefused("mallstream.consume.only=" + name + " is unknown; " + names);
            }
        }
        settings.refuseUnknown("known: only and <subscription>.{" + Bounds.KEYS + "}; " + names);
        return new ConsumeSettings(Set.copyOf(only), bounds);
    }

    private static Bounds bounds(Keys settings, Subscription<?> subscription) {
        String prefix = subscription.name() + ".";
        Duration first =
                settings.duration(prefix + "backoff.first", Duration.ofSeconds(1), Duration.ofMillis(10), HOUR);
        Duration longest =
                settings.duration(prefix + "backoff.longest", Duration.ofSeconds(30), Duration.ofMillis(10), HOUR);
        if (first.compareTo(longest) > 0) {
            throw new StartRefused("mallstream.consume." + prefix + "backoff.first=" + first
                    + " must not exceed mallstream.consume." + prefix + "backoff.longest=" + longest);
        }
        return new Bounds(
                settings.number(prefix + "batch.max-size", subscription.batch().maxSize(), 1, 10_000),
                settings.duration(
                        prefix + "batch.linger", subscription.batch().linger(), Duration.ZERO, Duration.ofSeconds(60)),
                settings.number(prefix + "attempts", 5, 1, 100),
                first,
                longest,
                settings.duration(prefix + "try-later-for", Duration.ofDays(1), Duration.ZERO, Duration.ofDays(30)));
    }

    /** Whether a subscription runs in this instance. */
    boolean runs(Subscription<?> subscription) {
        return only.isEmpty() || only.contains(subscription.name());
    }

    /** The bounds of a subscription of the catalog. */
    Bounds of(Subscription<?> subscription) {
        Bounds found = bounds.get(subscription.name());
        if (found == null) {
            throw new IllegalArgumentException(subscription.name() + " is not in the catalog");
        }
        return found;
    }
}
