package mallstream.kafka.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.core.Progress;
import mallstream.kafka.consume.core.StartAt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

/** The committed offsets of a group and of its shadow, read and written from outside, without being a member. */
final class GroupOffsets {
    private final Broker broker;
    private final String group;
    private final String shadow;
    private final Predicate<String> stamp;

    /**
     * @param broker the cluster
     * @param group the group
     * @param stamp whether the metadata of a commit carries our stamp
     */
    GroupOffsets(Broker broker, ConsumerGroupId group, Predicate<String> stamp) {
        this.broker = broker;
        this.group = group.value();
        this.shadow = group.shadow().value();
        this.stamp = stamp;
    }

    /**
     * Reads both.
     *
     * @param patience how long to wait at most
     * @return what is committed; nothing where a group does not exist
     * @throws KafkaException if they can't be read
     */
    Committed read(Duration patience) {
        return committed(broker.ask(this::both, patience));
    }

    /**
     * Reads both without waiting.
     *
     * @return what is committed, or a {@link KafkaException}
     */
    CompletableFuture<Committed> readLater() {
        return broker.askLater(this::both).thenApply(this::committed);
    }

    private KafkaFuture<Map<String, Map<TopicPartition, OffsetAndMetadata>>> both(Admin admin) {
        return admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec(), shadow, new ListConsumerGroupOffsetsSpec()))
                .all();
    }

    private Committed committed(Map<String, Map<TopicPartition, OffsetAndMetadata>> found) {
        return new Committed(present(found.get(group)), present(found.get(shadow)), stamp);
    }

    /** Kafka gives {@code null} for a partition that was asked for and has no offset. */
    private static Map<TopicPartition, OffsetAndMetadata> present(
            @Nullable Map<TopicPartition, OffsetAndMetadata> found) {
        Map<TopicPartition, OffsetAndMetadata> present = new HashMap<>();
        if (found != null) {
            found.forEach((partition, offset) -> {
                if (offset != null) {
                    present.put(partition, offset);
                }
            });
        }
        return Map.copyOf(present);
    }

    /**
     * Writes to the shadow and does not wait. Two writes under way at once may arrive in either order.
     *
     * @param offsets by partition, with metadata
     * @return done, or a {@link KafkaException}; {@link #isTaken} where the shadow has members, which commit to it
     *     themselves
     */
    CompletableFuture<Void> writeShadow(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return broker.askLater(
                admin -> admin.alterConsumerGroupOffsets(shadow, offsets).all());
    }

    /**
     * Writes to the shadow while it has no members.
     *
     * @param offsets by partition, with metadata
     * @return whether it was written; not where the shadow has members
     * @throws KafkaException if it can't be written for another reason
     */
    boolean setShadow(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return set(shadow, offsets);
    }

    /**
     * Writes to the group while it has no members.
     *
     * @param offsets by partition, with metadata
     * @return whether it was written; not where the group has members
     * @throws KafkaException if it can't be written for another reason
     */
    boolean setGroup(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return set(group, offsets);
    }

    /**
     * Sets the offsets of the group from its shadow, for the return from a rescue. What the group has with our stamp above
     * the shadow stays.
     *
     * @param patience how long to wait for reading at most; writing takes {@link Broker#PATIENCE} at most
     * @return whether it was done; not where the group has members: then {@link StartAt} finds the way
     * @throws KafkaException if the offsets can't be read or written for another reason
     */
    boolean restore(Duration patience) {
        Committed now = read(patience);
        Map<TopicPartition, OffsetAndMetadata> back = new HashMap<>(now.shadow);
        back.entrySet().removeIf(each -> now.groupIsAhead(each.getKey(), each.getValue()));
        return set(group, back);
    }

    private boolean set(String to, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return true;
        }
        try {
            broker.ask(admin -> admin.alterConsumerGroupOffsets(to, offsets).all());
            return true;
        } catch (KafkaException e) {
            if (isTaken(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Whether the broker refused a commit because the group belongs to its members now.
     *
     * @param failure of a write; {@code null} is none
     */
    static boolean isTaken(@Nullable Throwable failure) {
        return failure instanceof UnknownMemberIdException
                || failure instanceof GroupNotEmptyException
                || failure instanceof IllegalGenerationException
                || failure instanceof StaleMemberEpochException
                || failure instanceof FencedInstanceIdException
                || failure instanceof RebalanceInProgressException
                // The group exists and is of a kind that has no such offsets.
                || failure instanceof GroupIdNotFoundException;
    }

    /**
     * What is committed.
     *
     * @param group by the group, or by a stranger in it
     * @param shadow by us only
     * @param stamp whether metadata carries our stamp
     */
    record Committed(
            Map<TopicPartition, OffsetAndMetadata> group,
            Map<TopicPartition, OffsetAndMetadata> shadow,
            Predicate<String> stamp) {

        /**
         * Where a partition starts.
         *
         * @param partition the partition
         * @param rescued whether this instance is in the shadow group now
         * @param atFirstStart whether the partition was there when the group first ran
         */
        StartAt startAt(TopicPartition partition, boolean rescued, boolean atFirstStart) {
            OffsetAndMetadata ofGroup = group.get(partition);
            OffsetAndMetadata ofShadow = shadow.get(partition);
            return StartAt.of(
                    ofGroup == null ? null : new StartAt.Commit(ofGroup.offset(), stamp.test(ofGroup.metadata())),
                    ofShadow == null ? null : ofShadow.offset(),
                    rescued,
                    atFirstStart);
        }

        /**
         * The metadata that tells what is finished above a start.
         *
         * @param partition the partition
         * @param from whose commit {@link #startAt} says to take
         * @return the metadata; {@code null}: there is none
         */
        @Nullable
        String metadata(TopicPartition partition, StartAt.Gaps from) {
            OffsetAndMetadata found = switch (from) {
                case GROUP -> group.get(partition);
                case SHADOW -> shadow.get(partition);
                case NONE -> null;
            };
            return found == null ? null : found.metadata();
        }

        /** Everybody who has stamped a commit of either. */
        Set<String> owners() {
            return Stream.of(group, shadow)
                    .flatMap(each -> each.values().stream())
                    .map(each -> Progress.owner(each.metadata()))
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
        }

        private boolean groupIsAhead(TopicPartition partition, OffsetAndMetadata ofShadow) {
            OffsetAndMetadata ofGroup = group.get(partition);
            return ofGroup != null && ofGroup.offset() > ofShadow.offset() && stamp.test(ofGroup.metadata());
        }
    }
}
