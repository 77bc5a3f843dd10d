package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.ConsumerControl.Move;
import mallstream.kafka.consume.ConsumerControl.OffsetTarget;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewinds and skips of an operator. A broker takes offsets of a group from its members only, so the order goes through the
 * control topic under {@code moves/<subscription>}, and whoever has a partition moves it. Where the group has no members
 * it is moved from outside. It is done when the shadow group shows it, since that is what a restart believes.
 *
 * <p>Turned down: letting all members leave for the time of the move. It is simpler, and it takes down the wall that keeps
 * strangers out.
 */
final class Moves {
    private static final Logger log = LoggerFactory.getLogger(Moves.class);
    private static final Duration SHOWS = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Shared<Order> orders;
    private final Broker broker;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * @param follower not started yet
     * @param broker the cluster
     * @param clock the time
     * @param random names orders
     */
    Moves(ControlFollower follower, Broker broker, Clock clock, RandomGenerator random) {
        this.orders = follower.share("moves/", Order.class);
        this.broker = broker;
        this.clock = clock;
        this.random = random;
    }

    /** Tells of orders for a subscription from now on; those from before a start were followed before it. */
    void onOrder(String name, Consumer<Order> listener) {
        orders.listen(name, order -> {
            if (order != null) {
                listener.accept(order);
            }
        });
    }

    /**
     * @param running the subscription
     * @param target where to
     * @param dryRun only say what would change
     * @param by the name of the caller's key
     * @return what changes, by partition
     * @throws InvalidRequest if the target is malformed or out of range
     * @throws org.apache.kafka.common.KafkaException if the cluster does not answer, or nobody has followed within 10 s
     */
    List<Move> move(RunningSubscription<?> running, OffsetTarget target, boolean dryRun, String by) {
        String topic = running.subscription().topic();
        SortedMap<Integer, Long> to = resolve(topic, target);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        List<Move> moves = new ArrayList<>();
        GroupOffsets.Committed before = running.offsets().read(Broker.PATIENCE);
        to.forEach((partition, offset) -> {
            TopicPartition each = new TopicPartition(topic, partition);
            offsets.put(each, new OffsetAndMetadata(offset, running.stamp(offset)));
            OffsetAndMetadata stood =
                    before.shadow().getOrDefault(each, before.group().get(each));
            moves.add(new Move(
                    partition,
                    stood == null ? null : stood.offset(),
                    offset,
                    stood == null ? 0 : stood.offset() - offset));
        });
        if (!dryRun) {
            carryOut(running, to, offsets, by);
        }
        return moves;
    }

    private void carryOut(
            RunningSubscription<?> running,
            SortedMap<Integer, Long> to,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            String by) {
        String name = running.subscription().name();
        log.info("{} is moved to {} by {}", name, to, by);
        if (running.offsets().setGroup(offsets) && running.offsets().setShadow(offsets)) {
            return;
        }
        orders.update(name, current -> new Order(Long.toHexString(random.nextLong()), by, clock.instant(), to));
        Instant until = clock.instant().plus(SHOWS);
        while (!shows(running.offsets().read(Broker.PATIENCE).shadow(), offsets)) {
            if (clock.instant().isAfter(until)) {
                throw new TimeoutException("the order was given, and not all partitions have followed within "
                        + SHOWS.toSeconds() + " s; look at the frontiers before you give it again");
            }
            rest();
        }
    }

    private static boolean shows(
            Map<TopicPartition, OffsetAndMetadata> shadow, Map<TopicPartition, OffsetAndMetadata> wanted) {
        return wanted.entrySet().stream().allMatch(each -> {
            OffsetAndMetadata there = shadow.get(each.getKey());
            return there != null && there.offset() == each.getValue().offset();
        });
    }

    private static void rest() {
        try {
            // Nobody counts it down: others move the offsets, and tell nobody.
            boolean never = new CountDownLatch(1).await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            log.trace("looking again, {}", never);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private SortedMap<Integer, Long> resolve(String topic, OffsetTarget target) {
        Long to = target.to();
        Instant time = target.time();
        if ((to == null) == (time == null)) {
            throw new InvalidRequest("to", "exactly one of to and time must be there");
        }
        if (to != null && target.partition() == null) {
            throw new InvalidRequest("partition", "must be there with to: an offset belongs to one partition");
        }
        int partitions = broker.partitions(topic);
        Integer only = target.partition();
        if (only != null && (only < 0 || only >= partitions)) {
            throw new InvalidRequest("partition", "is " + only + ", must be 0 to " + (partitions - 1));
        }
        SortedMap<Integer, Long> first = offsets(topic, partitions, OffsetSpec.earliest());
        SortedMap<Integer, Long> end = offsets(topic, partitions, OffsetSpec.latest());
        SortedMap<Integer, Long> resolved = new TreeMap<>();
        if (to != null && only != null) {
            long from = first.getOrDefault(only, 0L);
            long most = end.getOrDefault(only, 0L);
            if (to < from || to > most) {
                throw new InvalidRequest("to", "is " + to + ", the topic holds " + from + " to " + most);
            }
            resolved.put(only, to);
            return resolved;
        }
        offsets(
                        topic,
                        partitions,
                        OffsetSpec.forTimestamp(Objects.requireNonNull(time).toEpochMilli()))
                .forEach((partition, offset) -> {
                    if (only == null || only.equals(partition)) {
                        // Kafka says -1 where nothing is as late.
                        resolved.put(partition, offset < 0 ? end.getOrDefault(partition, 0L) : offset);
                    }
                });
        return resolved;
    }

    private SortedMap<Integer, Long> offsets(String topic, int partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            wanted.put(new TopicPartition(topic, partition), spec);
        }
        SortedMap<Integer, Long> found = new TreeMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> answer =
                broker.ask(admin -> admin.listOffsets(wanted).all());
        answer.forEach((partition, offset) -> found.put(partition.partition(), offset.offset()));
        return found;
    }

    /**
     * An operator's order.
     *
     * @param id tells it from another with the same target
     * @param by the name of the key of whoever gave it
     * @param at when
     * @param to by partition of the subscription's topic where to go on
     */
    record Order(String id, String by, Instant at, SortedMap<Integer, Long> to) {
        /** @throws NullPointerException if a record of the control topic lacks one of them */
        Order {
            Objects.requireNonNull(id);
            Objects.requireNonNull(by);
            Objects.requireNonNull(at);
            Objects.requireNonNull(to);
        }
    }
}
