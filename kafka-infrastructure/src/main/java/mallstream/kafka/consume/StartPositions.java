package mallstream.kafka.consume;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mallstream.kafka.Broker;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
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
 *
 * <p>The shadow group begins where the group does. From then on either of them is enough: what one has lost, or has out of
 * range, it gets back from the other.
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
     * Makes sure that the group and its shadow have a position.
     *
     * @param subscription whose group it is
     * @return where the group began
     * @throws LostOffsets if the group has run before and a partition has no offset any more, or only such as are out of
     *     range
     * @throws org.apache.kafka.common.KafkaException if the cluster can't be reached: try again
     */
    Settled settle(Subscription<?> subscription) throws LostOffsets {
        // Nothing here depends on who committed an offset that holds.
        GroupOffsets offsets = new GroupOffsets(broker, subscription.group(), metadata -> false);
        Map<TopicPartition, Long> earliest = offsets(subscription.topic(), OffsetSpec::earliest);
        GroupOffsets.Committed committed = offsets.read(Broker.PATIENCE);
        // Asked last: while others of the group go on, an end from before would lie below what they have committed.
        Map<TopicPartition, Long> latest = offsets(subscription.topic(), OffsetSpec::latest);

        List<byte[]> started = control.read("started/" + subscription.group().value());
        if (!started.isEmpty()) {
            Map<Integer, Long> positions = parse(started.getFirst());
            mend(offsets, new Look(subscription, positions.keySet(), committed, earliest, latest));
            return new Settled(positions, false);
        }
        Map<Integer, Long> chosen = choose(
                subscription.group().value(),
                subscription.startsAt() == Subscription.StartPosition.NOW ? latest : earliest);
        boolean taken = begin(offsets, committed, subscription.topic(), chosen, earliest);
        control.write("started/" + subscription.group().value(), json.writeValueAsBytes(chosen));
        return new Settled(chosen, taken);
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

    /** The shadow comes first: once it has our positions, a stranger can take the group and nothing is lost. */
    private static boolean begin(
            GroupOffsets offsets,
            GroupOffsets.Committed committed,
            String topic,
            Map<Integer, Long> chosen,
            Map<TopicPartition, Long> earliest) {
        // Retention may have moved on where an instance chose and died; a position that is gone would be no start.
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        chosen.forEach((partition, offset) -> {
            TopicPartition each = new TopicPartition(topic, partition);
            positions.put(each, new OffsetAndMetadata(Math.max(offset, earliest.getOrDefault(each, 0L))));
        });
        Map<TopicPartition, OffsetAndMetadata> ofShadow = new HashMap<>(positions);
        ofShadow.keySet().removeAll(committed.shadow().keySet());
        // Where the shadow has members, they are ours and have set it.
        offsets.setShadow(ofShadow);
        if (!Collections.disjoint(committed.group().keySet(), positions.keySet()) || offsets.setGroup(positions)) {
            return false;
        }
        // Members of ours set these positions before they join: where there are none, others keep us out.
        return Collections.disjoint(offsets.read(Broker.PATIENCE).group().keySet(), positions.keySet());
    }

    private static void mend(GroupOffsets offsets, Look look) throws LostOffsets {
        Map<TopicPartition, OffsetAndMetadata> toGroup = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> toShadow = new HashMap<>();
        Map<Integer, String> lost = new TreeMap<>();
        for (TopicPartition partition : look.earliest.keySet()) {
            OffsetAndMetadata ofGroup = look.committed.group().get(partition);
            OffsetAndMetadata ofShadow = look.committed.shadow().get(partition);
            boolean groupHolds = look.holds(partition, ofGroup);
            boolean shadowHolds = look.holds(partition, ofShadow);
            if (ofGroup != null && groupHolds && !shadowHolds) {
                // A partition that was added later, next to others that have a shadow, had no first version, and the
                // commit may be a stranger's: its start is decided when it is assigned.
                if (ofShadow != null
                        || look.known(partition)
                        || look.committed.shadow().isEmpty()) {
                    toShadow.put(partition, ofGroup);
                }
            } else if (ofShadow != null && shadowHolds && !groupHolds) {
                toGroup.put(partition, ofShadow);
            } else if (!groupHolds && (ofGroup != null || ofShadow != null || look.known(partition))) {
                lost.put(partition.partition(), look.words(partition, ofGroup != null ? ofGroup : ofShadow));
            }
        }
        if (!lost.isEmpty()) {
            throw new LostOffsets(look.subscription, lost);
        }
        // Where either has members, they go on from what they know, and the other is enough for us.
        offsets.setShadow(toShadow);
        offsets.setGroup(toGroup);
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

    private Map<Integer, Long> parse(byte[] value) {
        return json.readValue(value, new TypeReference<>() {});
    }

    /**
     * Where a group began.
     *
     * @param firstStart the positions of the first start by partition; partitions that are not in it were added later
     * @param taken whether others have kept the group from getting its first position; its shadow has it
     */
    record Settled(Map<Integer, Long> firstStart, boolean taken) {}

    /** A group that has run before, and what its topic holds. */
    private record Look(
            Subscription<?> subscription,
            Set<Integer> firstStart,
            GroupOffsets.Committed committed,
            Map<TopicPartition, Long> earliest,
            Map<TopicPartition, Long> latest) {
        boolean known(TopicPartition partition) {
            return firstStart.contains(partition.partition());
        }

        boolean holds(TopicPartition partition, @Nullable OffsetAndMetadata offset) {
            return offset != null && offset.offset() >= first(partition) && offset.offset() <= end(partition);
        }

        String words(TopicPartition partition, @Nullable OffsetAndMetadata offset) {
            return offset == null
                    ? "has no committed offset any more"
                    : "stands at " + offset.offset() + ", but the topic holds " + first(partition) + " to "
                            + end(partition);
        }

        private long first(TopicPartition partition) {
            return earliest.getOrDefault(partition, 0L);
        }

        private long end(TopicPartition partition) {
            return latest.getOrDefault(partition, Long.MAX_VALUE);
        }
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
