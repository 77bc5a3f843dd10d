package mallstream.kafka.consume;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;

/**
 * Assigns like the cooperative sticky assignor, under the owner's name. The broker lets nobody into a group who shares no
 * assignor's name with its members: a service with a copied group id fails at its own start, and ours notice nothing.
 *
 * <p>The replay topic follows: whoever has a partition of the source has the replay's partition of that number, so that a
 * replayed record enters the lanes of its key. Left to itself the assignor would balance the two topics each on its own.
 *
 * <p>Every member of a group must have it as its only assignor; with a usual one beside it the wall would have a door.
 */
public final class OwnerAssignor extends CooperativeStickyAssignor implements Configurable {
    /** The consumer's setting that names the owner: the application and its subscription. */
    public static final String OWNER = "mallstream.owner";
    /** The consumer's setting that names the topic whose partitions follow those of the other topic; may be left out. */
    public static final String FOLLOWING = "mallstream.following";

    private String owner = "";
    private String following = "";

    /** For the client, which configures it next. */
    public OwnerAssignor() {}

    /** @throws ConfigException if there is no owner in the settings */
    @Override
    public void configure(Map<String, ?> settings) {
        if (!(settings.get(OWNER) instanceof String name) || name.isBlank()) {
            throw new ConfigException(OWNER, settings.get(OWNER), "names whose group it is and must not be empty");
        }
        owner = name;
        following = settings.get(FOLLOWING) instanceof String topic ? topic : "";
    }

    @Override
    public String name() {
        return owner;
    }

    @Override
    public Map<String, List<TopicPartition>> assignPartitions(
            Map<String, List<PartitionInfo>> partitions, Map<String, Subscription> members) {
        Map<String, List<PartitionInfo>> leading = new HashMap<>(partitions);
        List<PartitionInfo> followers = leading.remove(following);
        Map<String, Subscription> leadingOnly = new HashMap<>();
        members.forEach((member, subscription) -> leadingOnly.put(member, leading(subscription)));
        Map<String, List<TopicPartition>> assigned = super.assignPartitions(leading, leadingOnly);
        if (followers == null) {
            return assigned;
        }
        Map<String, List<TopicPartition>> both = new HashMap<>();
        assigned.forEach((member, own) -> {
            List<TopicPartition> all = new ArrayList<>(own);
            followers.stream()
                    .filter(each -> own.stream().anyMatch(leader -> leader.partition() == each.partition()))
                    .forEach(each -> all.add(new TopicPartition(following, each.partition())));
            both.put(member, all);
        });
        return both;
    }

    private Subscription leading(Subscription subscription) {
        Subscription leading = new Subscription(
                subscription.topics().stream()
                        .filter(each -> !each.equals(following))
                        .toList(),
                subscription.userData(),
                subscription.ownedPartitions().stream()
                        .filter(each -> !each.topic().equals(following))
                        .toList(),
                subscription.generationId().orElse(-1),
                subscription.rackId());
        leading.setGroupInstanceId(subscription.groupInstanceId());
        return leading;
    }
}
