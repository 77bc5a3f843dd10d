package mallstream.kafka.consume;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mallstream.kafka.Broker;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a group begins, once. The position of every partition is chosen and remembered in the control topic before it is
 * committed, since instances may start together and a group that lost its offsets must not be mistaken for a new one:
 *
 * <ul>
 *   <li>{@code start/<group>}: the positions chosen at the first start; the first in the log counts for everybody
 *   <li>{@code started/<group>}: the same positions, written once they are committed; from then on a partition of it
 *       without an offset has lost it. It has a key of its own because compaction keeps the last record of a key, which
 *       for the other key may be that of an instance that came second
 * </ul>
 */
final class StartPositions {
    private final Broker broker;
    private final ControlLog control;
    private final JsonMapper json;

    StartPositions(Broker broker, JsonMapper json) {
        this.broker = broker;
        this.control = new ControlLog(broker);
        this.json = json;
    }

    /**
     * Makes sure that the group has a position.
     *
     * @param subscription whose group it is
     * @return the positions of the first start by partition; partitions that are not in it were added later
     * @throws LostOffsets if the group has run before and a partition has no offset any more, or one that is out of range
     * @throws org.apache.kafka.common.KafkaException if the cluster can't be reached, or refuses because another instance
     *     is at it: try again
     */
    Map<Integer, Long> settle(Subscription<?> subscription) throws LostOffsets {
        String group = subscription.group().value();
        Map<TopicPartition, Long> earliest = offsets(subscription.topic(), OffsetSpec::earliest);
        Map<TopicPartition, Long> committed = committed(group);
        // Asked last: while others of the group go on, an end from before would lie below what they have committed.
        Map<TopicPartition, Long> latest = offsets(subscription.topic(), OffsetSpec::latest);

        List<byte[]> started = control.read("started/" + group);
        if (!started.isEmpty()) {
            Map<Integer, Long> positions = parse(started.getFirst());
            refuseLost(subscription, positions, committed, earliest, latest);
            return positions;
        }
        Map<Integer, Long> chosen =
                choose(group, subscription.startsAt() == Subscription.StartPosition.NOW ? latest : earliest);
        if (committed.isEmpty()) {
            // Retention may have moved on where an instance chose and died; a position that is gone would be no start.
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            chosen.forEach((partition, offset) -> {
                TopicPartition each = new TopicPartition(subscription.topic(), partition);
                positions.put(each, new OffsetAndMetadata(Math.max(offset, earliest.getOrDefault(each, 0L))));
            });
            // The broker refuses while the group has members: then another instance has done it.
            broker.ask(
                    admin -> admin.alterConsumerGroupOffsets(group, positions).all());
        }
        control.write("started/" + group, json.writeValueAsBytes(chosen));
        return chosen;
    }

    private Map<Integer, Long> choose(String group, Map<TopicPartition, Long> now) {
        String key = "start/" + group;
        List<byte[]> written = control.read(key);
        if (written.isEmpty()) {
            Map<Integer, Long> mine = new TreeMap<>();
            now.forEach((partition, offset) -> mine.put(partition.partition(), offset));
            control.write(key, json.writeValueAsBytes(mine));
            written = control.read(key);
        }
        return parse(written.getFirst());
    }

    private static void refuseLost(
            Subscription<?> subscription,
            Map<Integer, Long> positions,
            Map<TopicPartition, Long> committed,
            Map<TopicPartition, Long> earliest,
            Map<TopicPartition, Long> latest)
            throws LostOffsets {
        Map<Integer, String> lost = new TreeMap<>();
        for (TopicPartition partition : earliest.keySet()) {
            Long offset = committed.get(partition);
            long first = earliest.getOrDefault(partition, 0L);
            long end = latest.getOrDefault(partition, Long.MAX_VALUE);
            if (offset == null) {
                if (positions.containsKey(partition.partition())) {
                    lost.put(partition.partition(), "has no committed offset any more");
                }
            } else if (offset < first || offset > end) {
                lost.put(
                        partition.partition(), "stands at " + offset + ", but the topic holds " + first + " to " + end);
            }
        }
        if (!lost.isEmpty()) {
            throw new LostOffsets(subscription, lost);
        }
    }

    private Map<TopicPartition, Long> offsets(String topic, Supplier<OffsetSpec> spec) {
        int partitions = broker.ask(
                        admin -> admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next()
                .partitions()
                .size();
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            wanted.put(new TopicPartition(topic, partition), spec.get());
        }
        Map<TopicPartition, ListOffsetsResultInfo> found =
                broker.ask(admin -> admin.listOffsets(wanted).all());
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().offset()));
    }

    private Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        broker.ask(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    private Map<Integer, Long> parse(byte[] value) {
        return json.readValue(value, new TypeReference<>() {});
    }

    /** The group has run before, and where it stood is gone. Only a person can know what to do about it. */
    static final class LostOffsets extends Exception {
        private static final long serialVersionUID = 1L;

        private LostOffsets(Subscription<?> subscription, Map<Integer, String> lost) {
            super(
                    "stopped: of " + subscription.topic() + " "
                            + lost.entrySet().stream()
                                    .map(each -> "partition " + each.getKey() + " " + each.getValue())
                                    .collect(Collectors.joining(", "))
                            + "; set a position, for instance with kafka-consumer-groups --group "
                            + subscription.group()
                            + " --topic " + subscription.topic() + ":"
                            + lost.keySet().stream().map(String::valueOf).collect(Collectors.joining(","))
                            + " --reset-offsets --to-datetime <when it stopped> --execute; this instance looks again every 30 s");
        }
    }
}
