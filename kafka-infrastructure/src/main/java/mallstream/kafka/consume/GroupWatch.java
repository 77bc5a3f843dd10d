package mallstream.kafka.consume;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.core.Rescue.Stranger;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Looks who is in a group, whatever protocol its members use. */
final class GroupWatch {
    /** Client ids of others are shown to people and written to logs. */
    private static final int LONGEST_SHOWN = 100;

    private final Broker broker;
    private final String group;
    private final String prefix;

    /**
     * @param broker the cluster
     * @param prefix what the client ids of our instances begin with: {@link #prefix}
     * @param group the group to look at
     */
    GroupWatch(Broker broker, String prefix, ConsumerGroupId group) {
        this.broker = broker;
        this.group = group.value();
        this.prefix = prefix;
    }

    /**
     * What the client ids of a subscription's instances begin with. The application is part of it: another one that has the
     * same subscription is a stranger.
     */
    static String prefix(String application, String name) {
        return application + "." + name + ".";
    }

    /**
     * One look.
     *
     * @param patience how long to wait for it at most; twice that where the group changes its protocol meanwhile
     * @return who is there, by client id; nobody where the group does not exist
     * @throws org.apache.kafka.common.KafkaException if the look failed; then nothing is known
     */
    Look look(Duration patience) {
        try {
            return ask(patience);
        } catch (GroupIdNotFoundException e) {
            // The client asks for the one kind of group and then for the other, and misses one that changes in between.
            try {
                return ask(patience);
            } catch (GroupIdNotFoundException again) {
                return new Look(List.of());
            }
        }
    }

    private Look ask(Duration patience) {
        Map<String, ConsumerGroupDescription> found =
                broker.ask(admin -> admin.describeConsumerGroups(List.of(group)).all(), patience);
        return new Look(found.values().stream()
                .flatMap(each -> each.members().stream())
                .map(this::member)
                .sorted(Comparator.comparing(Member::clientId).thenComparing(Member::host))
                .toList());
    }

    private Member member(MemberDescription found) {
        return new Member(
                shown(found.clientId()),
                // Kafka writes the address after the name, which it does not know.
                shown(found.host().startsWith("/") ? found.host().substring(1) : found.host()),
                found.assignment().topicPartitions().stream()
                        .sorted(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
                        .toList(),
                found.clientId().startsWith(prefix));
    }

    private static String shown(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= LONGEST_SHOWN ? printable : printable.substring(0, LONGEST_SHOWN);
    }

    /**
     * Who was in the group.
     *
     * @param members all of them
     */
    record Look(List<Member> members) {
        /** The members that are not ours. */
        List<Stranger> strangers() {
            return members.stream()
                    .filter(each -> !each.ours)
                    .map(each -> new Stranger(
                            each.clientId,
                            each.host,
                            each.partitions.stream()
                                    .map(TopicPartition::toString)
                                    .toList()))
                    .toList();
        }
    }

    /**
     * A member.
     *
     * @param clientId its client id, printable and cut
     * @param host its address
     * @param partitions what it has been given, of any topic; empty also while the group rebalances
     * @param ours whether its client id is that of an instance of the subscription
     */
    record Member(String clientId, String host, List<TopicPartition> partitions, boolean ours) {
        /** For operators, who look at one topic. */
        ConsumerControl.Member of(String topic) {
            return new ConsumerControl.Member(
                    clientId,
                    host,
                    partitions.stream()
                            .filter(each -> each.topic().equals(topic))
                            .map(TopicPartition::partition)
                            .toList(),
                    ours);
        }
    }
}
