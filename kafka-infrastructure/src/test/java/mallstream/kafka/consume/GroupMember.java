package mallstream.kafka.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** A bare consumer in a group, ours or somebody else's. It polls only when its test says so. */
final class GroupMember implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    final KafkaConsumer<byte[], byte[]> consumer;

    private GroupMember(String group, String clientId, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.bootstrap());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // With the protocol of KIP-848 it is the broker's to say.
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
        settings.putAll(more);
        if (settings.containsKey(ConsumerConfig.GROUP_PROTOCOL_CONFIG)) {
            settings.remove(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        }
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** As an instance of a subscription joins. */
    static GroupMember owned(String group, String owner, String clientId, String topic) {
        return new GroupMember(
                        group,
                        clientId,
                        Map.of(
                                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                                OwnerAssignor.class.getName(),
                                OwnerAssignor.OWNER,
                                owner))
                .subscribe(topic);
    }

    /** As most services join: the classic protocol and the usual assignors. */
    static GroupMember classic(String group, String clientId, String topic) {
        return new GroupMember(group, clientId, Map.of()).subscribe(topic);
    }

    /** With the protocol of KIP-848. */
    static GroupMember next(String group, String clientId, String topic) {
        GroupMember member = new GroupMember(group, clientId, Map.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer"));
        return member.subscribe(topic);
    }

    /** In no group, but with its id. */
    static GroupMember outside(String group, String clientId) {
        return new GroupMember(group, clientId, Map.of());
    }

    private GroupMember subscribe(String topic) {
        consumer.subscribe(List.of(topic));
        return this;
    }

    int partitions() {
        return consumer.assignment().size();
    }

    /** Everything that it has been given is committed as handled. */
    void take(Map<TopicPartition, OffsetAndMetadata> offsets) {
        consumer.commitSync(offsets);
    }

    /** Polls all of them in turns until they have so many partitions each. */
    static void share(List<GroupMember> members, Integer... partitions) {
        Awaitility.await("partitions " + List.of(partitions))
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    members.forEach(each -> each.consumer.poll(POLL));
                    return members.stream()
                            .map(GroupMember::partitions)
                            .toList()
                            .equals(List.of(partitions));
                });
    }

    /** Polls until the broker has let it in or thrown it out. */
    void join() {
        consumer.poll(Duration.ofSeconds(20));
    }

    static Set<TopicPartition> partitions(String topic, int count) {
        return Set.copyOf(Stream.iterate(0, each -> each + 1)
                .limit(count)
                .map(each -> new TopicPartition(topic, each))
                .toList());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
