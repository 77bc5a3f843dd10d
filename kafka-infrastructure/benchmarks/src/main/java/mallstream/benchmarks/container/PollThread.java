package mallstream.benchmarks.container;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;
import org.springframework.kafka.listener.BatchInterceptor;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * What one container does on its poll thread: hand records over, commit, rewind, pause, resume.
 *
 * <p>The container's own {@code nack} is turned down: it rewinds from an index of the whole poll and pauses every
 * partition, so one poison record would hold the partitions that come after its own. Here each partition is committed,
 * rewound and paused by itself, and nothing ever sleeps: the container polls several times a second, and before each poll
 * what is due is resumed.
 */
final class PollThread
        implements BatchConsumerAwareMessageListener<byte[], byte[]>,
                BatchInterceptor<byte[], byte[]>,
                ConsumerAwareRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(PollThread.class);
    private static final Duration COMMIT = Duration.ofSeconds(5);
    /** How long a partition rests for a record that waits; what comes behind it waits at most this much longer. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final Duration COMMIT_AGAIN = Duration.ofSeconds(1);

    private final Deliveries<?> deliveries;
    private final Set<Integer> knownAtStart;
    private final SubscriptionState state;
    private final ConsumeMeters meters;
    private final Clock clock;
    private final BooleanSupplier goesOn;
    private final Map<TopicPartition, Instant> paused = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private Instant nextCommit = Instant.MIN;

    /**
     * @param deliveries the decisions
     * @param knownAtStart partitions that got a position at the group's first start; others were added later
     * @param state for health
     * @param meters for metrics
     * @param clock the time
     * @param goesOn false once the container stops
     */
    PollThread(
            Deliveries<?> deliveries,
            Set<Integer> knownAtStart,
            SubscriptionState state,
            ConsumeMeters meters,
            Clock clock,
            BooleanSupplier goesOn) {
        this.deliveries = deliveries;
        this.knownAtStart = knownAtStart;
        this.state = state;
        this.meters = meters;
        this.clock = clock;
        this.goesOn = goesOn;
    }

    /** Before each poll, also where the poll before brought nothing. */
    @Override
    public void setupThreadState(Consumer<?, ?> consumer) {
        Instant now = clock.instant();
        Set<TopicPartition> due = paused.entrySet().stream()
                .filter(each -> !each.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (!due.isEmpty()) {
            consumer.resume(due);
            due.forEach(paused::remove);
            meters.paused(paused.size());
        }
        if (!nextCommit.isAfter(now)) {
            commit(consumer);
        }
        for (TopicPartition partition : consumer.assignment()) {
            consumer.currentLag(partition).ifPresent(lag -> meters.lag(partition.partition(), lag));
        }
    }

    @Override
    public ConsumerRecords<byte[], byte[]> intercept(
            ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
        return records;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records, @Nullable Consumer<?, ?> given) {
        Consumer<?, ?> consumer = Objects.requireNonNull(given);
        Deliveries.Verdict verdict = deliveries.process(records, goesOn);
        verdict.places().forEach((partition, place) -> {
            uncommitted.put(partition, new OffsetAndMetadata(place.offset()));
            if (place.again() != null) {
                consumer.seek(partition, place.offset());
                // Not until the record is due, since others of its partition have their turn meanwhile.
                Instant soon = clock.instant().plus(LONGEST_PAUSE);
                pause(consumer, Set.of(partition), place.again().isBefore(soon) ? place.again() : soon);
            }
        });
        SubscriptionState.Outage outage = verdict.outage();
        state.outage(outage);
        if (outage != null) {
            pause(consumer, consumer.assignment(), outage.until());
        }
        commit(consumer);
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        state.partitions(consumer.assignment().size());
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(new HashSet<>(partitions), COMMIT);
        List<TopicPartition> added = partitions.stream()
                .filter(each -> committed.get(each) == null && !knownAtStart.contains(each.partition()))
                .toList();
        if (!added.isEmpty()) {
            log.info("{} added after the group's first start: read from the beginning", added);
            consumer.seekToBeginning(added);
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        commit(consumer);
        forget(partitions);
        state.partitions(consumer.assignment().size() - partitions.size());
        // Whoever has the partitions now finds out by itself, and what is left here says so again at its next call.
        state.outage(null);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
        deliveries.forget(partitions);
        uncommitted.keySet().removeAll(partitions);
        paused.keySet().removeAll(partitions);
        meters.paused(paused.size());
        partitions.forEach(each -> meters.forgetLag(each.partition()));
    }

    private void pause(Consumer<?, ?> consumer, Set<TopicPartition> partitions, Instant until) {
        if (until.isAfter(clock.instant())) {
            consumer.pause(partitions);
            partitions.forEach(each -> paused.merge(each, until, (one, other) -> one.isAfter(other) ? one : other));
            meters.paused(paused.size());
        }
    }

    /** Failing is no reason to stop: what could not be committed is committed with the next window, or handled again. */
    private void commit(Consumer<?, ?> consumer) {
        if (uncommitted.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(Map.copyOf(uncommitted), COMMIT);
            uncommitted.clear();
        } catch (CommitFailedException e) {
            // The group went on without this member; whoever has the partitions now reads the records again.
            uncommitted.clear();
            log.info("a commit came too late, the partitions have moved on");
        } catch (KafkaException e) {
            nextCommit = clock.instant().plus(COMMIT_AGAIN);
            log.debug("a commit failed and is made again", e);
        }
    }
}
