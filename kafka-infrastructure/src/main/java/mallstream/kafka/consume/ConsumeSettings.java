package mallstream.kafka.consume;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mallstream.kafka.StartRefused;
import mallstream.kafka.consume.core.Bounds;

/**
 * What stands under {@code mallstream.consume}.
 *
 * @param only the subscriptions that run in this instance; empty: all
 * @param subscriptions by name of the subscription
 */
public record ConsumeSettings(Set<String> only, Map<String, Of> subscriptions) {
    /** Most calls at the same time that may be asked for. */
    static final int MOST_IN_FLIGHT = 10_000;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final String KEYS =
            "max-in-flight, max-held, batch.max-size, batch.keys, batch.max-bytes, batch.linger, attempts, "
                    + "backoff.first, backoff.longest, try-later-for, call-timeout, drain, ordering, group-protocol";

    /**
     * @param settings what stands under {@code mallstream.consume}
     * @param catalog the subscriptions that there are
     * @return the settings, defaults filled in
     * @throws StartRefused if a value is out of range, or a key or a name is unknown
     */
    static ConsumeSettings read(Keys settings, SubscriptionCatalog catalog) {
        Map<String, Of> subscriptions = new TreeMap<>();
        for (Subscription<?> each : catalog.all()) {
            subscriptions.put(each.name(), of(settings, each));
        }
        List<String> only = settings.list("only");
        String names = "subscriptions: " + String.join(", ", subscriptions.keySet());
        for (String name : only) {
            if (!subscriptions.containsKey(name)) {
                throw new StartRefused("mallstream.consume.only=" + name + " is unknown; " + names);
            }
        }
        settings.refuseUnknown("known: only and <subscription>.{" + KEYS + "}; " + names);
        return new ConsumeSettings(Set.copyOf(only), subscriptions);
    }

    private static Of of(Keys settings, Subscription<?> subscription) {
        String prefix = subscription.name() + ".";
        Ordering ordering =
                settings.choice(prefix + "ordering", subscription.finer() == null ? Ordering.KEY : Ordering.RECORD);
        if (ordering == Ordering.RECORD && subscription.finer() == null) {
            throw new StartRefused("mallstream.consume." + prefix
                    + "ordering=record must be key or none: the subscription offers no lanes within a key");
        }
        return new Of(
                bounds(settings, subscription, prefix),
                ordering,
                settings.choice(prefix + "group-protocol", Protocol.CLASSIC));
    }

    private static Bounds bounds(Keys settings, Subscription<?> subscription, String prefix) {
        Duration first = settings.duration(prefix + "backoff.first", Duration.ofSeconds(1), LEAST, HOUR);
        Duration longest = settings.duration(prefix + "backoff.longest", Duration.ofSeconds(30), LEAST, HOUR);
        if (first.compareTo(longest) > 0) {
            throw new StartRefused("mallstream.consume." + prefix + "backoff.first=" + first
                    + " must not exceed mallstream.consume." + prefix + "backoff.longest=" + longest);
        }
        return new Bounds(
                settings.number(prefix + "max-in-flight", 8, 1, MOST_IN_FLIGHT),
                settings.number(prefix + "max-held", 10_000, 1, 100_000),
                settings.number(prefix + "batch.max-size", subscription.batch().maxSize(), 1, 10_000),
                settings.choice(prefix + "batch.keys", BatchKeys.MANY) == BatchKeys.ONE,
                settings.number(prefix + "batch.max-bytes", 4 * 1024 * 1024, 1024, 1024 * 1024 * 1024),
                settings.duration(prefix + "batch.linger", subscription.batch().linger(), Duration.ZERO, MINUTE),
                settings.number(prefix + "attempts", 5, 1, 100),
                first,
                longest,
                settings.duration(prefix + "try-later-for", Duration.ofDays(1), Duration.ZERO, Duration.ofDays(30)),
                settings.duration(prefix + "call-timeout", Duration.ofMinutes(2), LEAST, HOUR),
                settings.duration(prefix + "drain", Duration.ofSeconds(10), Duration.ZERO, MINUTE));
    }

    /** Whether a subscription runs in this instance. */
    boolean runs(Subscription<?> subscription) {
        return only.isEmpty() || only.contains(subscription.name());
    }

    /** The settings of a subscription of the catalog. */
    Of of(Subscription<?> subscription) {
        Of found = subscriptions.get(subscription.name());
        if (found == null) {
            throw new IllegalArgumentException(subscription.name() + " is not in the catalog");
        }
        return found;
    }

    /**
     * The settings of one subscription.
     *
     * @param bounds what it may use
     * @param ordering {@code ordering}: what is handled in order and one after the other; where nothing is said {@code record}
     *     if the subscription offers lanes within a key, {@code key} if not
     * @param protocol {@code group-protocol}: how its group agrees on who has which partition
     */
    public record Of(Bounds bounds, Ordering ordering, Protocol protocol) {}

    /** What is handled in order and one after the other. */
    public enum Ordering {
        /** The records of a key; a record without a key is nobody's neighbour. */
        KEY,
        /** The records of a key, or of what the subscription says within it. */
        RECORD,
        /** Nothing. */
        NONE
    }

    /** What a call may hold. */
    enum BatchKeys {
        /** Runs of several keys. */
        MANY,
        /** A run of one key, so that its records can be applied in one transaction. */
        ONE
    }

    /** How a group agrees on who has which partition. */
    public enum Protocol {
        /** Among its members; nobody gets in who does not know the owner's name. */
        CLASSIC,
        /** By the broker (KIP-848); it has no such wall, the watch and the rescue remain. */
        CONSUMER
    }
}
