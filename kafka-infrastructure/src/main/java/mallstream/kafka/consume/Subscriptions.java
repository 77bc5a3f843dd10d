package mallstream.kafka.consume;

import java.util.List;

/** What a binding offers to the catalog. */
@FunctionalInterface
public interface Subscriptions {
    /** The binding's subscriptions. */
    List<Subscription<?>> all();
}
