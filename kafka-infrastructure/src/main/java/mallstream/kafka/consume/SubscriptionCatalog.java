package mallstream.kafka.consume;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mallstream.kafka.StartRefused;
import org.jspecify.annotations.Nullable;

/** All subscriptions of the jar, each with a name and a group of its own. */
public final class SubscriptionCatalog {
    private final Map<String, Subscription<?>> byName = new TreeMap<>();

    /**
     * @param offers what the bindings offer
     * @throws StartRefused if two subscriptions have one name or one group
     */
    public SubscriptionCatalog(List<Subscriptions> offers) {
        Map<ConsumerGroupId, Subscription<?>> byGroup = new LinkedHashMap<>();
        for (Subscriptions offer : offers) {
            for (Subscription<?> each : offer.all()) {
                refuse("group " + each.group(), byGroup.putIfAbsent(each.group(), each), each);
                refuse("name " + each.name(), byName.putIfAbsent(each.name(), each), each);
            }
        }
    }

    private static void refuse(String what, @Nullable Subscription<?> first, Subscription<?> second) {
        if (first != null) {
            throw new StartRefused("two subscriptions have the " + what + ": "
                    + first.owner().getName() + " and " + second.owner().getName()
                    + "; give one of them another name");
        }
    }

    /** All subscriptions, by name. */
    public List<Subscription<?>> all() {
        return List.copyOf(byName.values());
    }
}
