package mallstream.kafka.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import mallstream.kafka.Broker;
import mallstream.kafka.Permitted;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.core.Loop;
import mallstream.kafka.consume.core.Progress;
import mallstream.kafka.consume.core.Source;
import mallstream.kafka.consume.core.Split;
import mallstream.kafka.consume.core.StartAt;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One membership of a subscription in its group or its shadow group: the consumer, its poll thread, and what the loop asks
 * of them. It ends where it is stopped or where the client throws; then it has left the group, and somebody makes another.
 */
final class Membership implements Loop.Client<ConsumerRecord<byte[], byte[]>>, ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final Duration COMMIT_EVERY = Duration.ofMillis(200);
    private static final Duration COMMIT = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_LAG = Duration.ofSeconds(1);
    /**
     * A broker forgets an offset of a group without members after a week. Where the group has had members with the classic
     * protocol, as the shadow has after a rescue, it is a week after the last of them left, and writing again does not help: all
     * is gone at once then, and has to be back soon.
     */
    private static final Duration RENEW_SHADOW = Duration.ofMinutes(10);

    private static final Duration SHADOW_AGAIN = Duration.ofSeconds(1);
    /** Orders of operators that wait for the next turn; one too many is left out, and its operator is told that nobody followed. */
    private static final int MOST_ORDERS = 16;
    /** Polls in a row that may lack an offset. */
    private static final int MOST_WITHOUT_OFFSET = 100;
    /** What a record takes in memory besides its bytes: the objects around them. */
    private static final int OVERHEAD = 256;

    private final Terms terms;
    private final Handling<?> handling;
    private final Consumer<byte[], byte[]> consumer;
    private final Ended ended;
    private final LongSupplier nanos;
    private final Loop<ConsumerRecord<byte[], byte[]>> loop;
    private final ShadowCommits shadow;
    private final Map<TopicPartition, Source> sources = new HashMap<>();
    private @Nullable Set<Source> fetched;
    private long lagAt;
    private final BlockingQueue<Moves.Order> orders = new ArrayBlockingQueue<>(MOST_ORDERS);
    private int withoutOffset;
    private volatile boolean stopping;

    /**
     * @param terms who joins what
     * @param handling the engine and its threads
     * @param consumer of the group that is joined; closed by this membership
     * @param ended told once when the consumer is closed
     * @param nanos the engine's clock
     */
    Membership(Terms terms, Handling<?> handling, Consumer<byte[], byte[]> consumer, Ended ended, LongSupplier nanos) {
        this.terms = terms;
        this.handling = handling;
        this.consumer = consumer;
        this.ended = ended;
        this.nanos = nanos;
        this.shadow = new ShadowCommits(terms.offsets::writeShadow, RENEW_SHADOW, SHADOW_AGAIN);
        this.loop = new Loop<>(
                handling.engine(),
                this,
                handling::await,
                handling.lock(),
                nanos,
                COMMIT_EVERY.toNanos(),
                terms.drain.toNanos());
    }

    /** Joins. */
    @Permitted(reason = "the poll loop is the one thread of a membership; it ends with it")
    void start() {
        Thread.ofPlatform().daemon().name("poll-" + terms.subscription.name()).start(this::run);
    }

    /** Asks for the end: what runs is drained, what is finished is committed, and the group is left. */
    void stop() {
        stopping = true;
    }

    /** Moves the partitions of an operator's order that this member has, at the next turn. */
    void move(Moves.Order order) {
        if (!orders.offer(order)) {
            log.warn("{}: too many orders to move at once, this one is left out", terms.subscription.name());
        }
    }

    /** Whether it is the shadow group that it is a member of. */
    boolean rescued() {
        return terms.rescued;
    }

    private void run() {
        Throwable thrown = null;
        try {
            consumer.subscribe(
                    List.of(
                            terms.subscription.topic(),
                            Topics.replay(terms.subscription.group().value())),
                    this);
            while (!stopping) {
                loop.turn();
                follow(orders.poll());
                long now = nanos.getAsLong();
                if (!terms.rescued) {
                    shadow.turn(now);
                }
                handling.sayFailures();
                lookAtLag(now);
            }
            loop.stop();
        } catch (Throwable e) {
            thrown = e;
            loop.lost(handling.ask(() -> handling.engine().sources()));
            handling.ask(() -> {
                handling.engine().polled();
                return true;
            });
        } finally {
            close();
            ended.ended(this, thrown);
        }
    }

    private void follow(Moves.@Nullable Order order) {
        if (order == null) {
            return;
        }
        Map<Source, Progress> moved = new HashMap<>();
        for (TopicPartition each : consumer.assignment()) {
            Long to = order.to().get(each.partition());
            if (to != null && each.topic().equals(terms.subscription.topic())) {
                ifStillOurs(() -> {
                    consumer.seek(each, to);
                    moved.put(source(each), Progress.at(to));
                });
            }
        }
        loop.moved(moved);
        log.info("{}: moved to {} as {} wanted", terms.subscription.name(), moved.keySet(), order.by());
    }

    private void close() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE));
        } catch (KafkaException e) {
            log.debug("{}: leaving the group failed, the broker will notice", terms.subscription.name(), e);
        }
        sources.values().forEach(each -> terms.meters.forgetLag(each));
        terms.meters.hot(List.of());
    }

    private void lookAtLag(long now) {
        if (now < lagAt) {
            return;
        }
        lagAt = now + LOOK_AT_LAG.toNanos();
        terms.meters.hot(handling.ask(handling::hot));
        for (TopicPartition each : consumer.assignment()) {
            ifStillOurs(() -> consumer.currentLag(each).ifPresent(lag -> terms.meters.lag(source(each), lag)));
        }
    }

    @Override
    public void fetchOnly(Set<Source> wanted) {
        if (wanted.equals(fetched)) {
            return;
        }
        Set<TopicPartition> paused = consumer.paused();
        int resting = 0;
        for (TopicPartition each : consumer.assignment()) {
            boolean rests = !wanted.contains(source(each));
            resting += rests ? 1 : 0;
            if (rests != paused.contains(each)) {
                ifStillOurs(() -> {
                    if (rests) {
                        consumer.pause(Set.of(each));
                    } else {
                        consumer.resume(Set.of(each));
                    }
                });
            }
        }
        fetched = wanted;
        terms.meters.paused(resting);
    }

    /** The client of KIP-848 takes a partition away on a thread of its own; what is asked of it a moment later is in vain. */
    private void ifStillOurs(Runnable question) {
        try {
            question.run();
        } catch (IllegalStateException e) {
            log.debug("{}: a partition has gone meanwhile", terms.subscription.name(), e);
        }
    }

    @Override
    public Loop.Fetched<ConsumerRecord<byte[], byte[]>> poll(long wait) {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(Duration.ofNanos(wait));
        } catch (NoOffsetForPartitionException e) {
            // The client of KIP-848 looks for an offset while it still tells of the assignment, which gives it one.
            if (++withoutOffset > MOST_WITHOUT_OFFSET) {
                throw e;
            }
            return intake -> {};
        }
        withoutOffset = 0;
        return intake -> {
            for (TopicPartition each : records.partitions()) {
                Source source = source(each);
                for (ConsumerRecord<byte[], byte[]> record : records.records(each)) {
                    intake.record(source, record.offset(), bytes(record), terms.lanes.key(record), record);
                }
            }
            records.nextOffsets().forEach((partition, next) -> intake.position(source(partition), next.offset()));
        };
    }

    private static int bytes(ConsumerRecord<byte[], byte[]> record) {
        int bytes = OVERHEAD + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (Header each : record.headers().toArray()) {
            byte[] value = each.value();
            bytes += each.key().length() + (value == null ? 0 : value.length);
        }
        return bytes;
    }

    @Override
    public void commit(Map<Source, Progress> progress, java.util.function.Consumer<Boolean> arrived) {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(progress);
        shadow.put(offsets);
        try {
            consumer.commitAsync(offsets, (committed, failure) -> {
                if (failure != null) {
                    log.debug("{}: a commit failed and is made again", terms.subscription.name(), failure);
                }
                arrived.accept(failure == null);
            });
        } catch (KafkaException e) {
            log.debug("{}: a commit failed and is made again", terms.subscription.name(), e);
            arrived.accept(false);
        }
    }

    /** What could not be committed is handled again by whoever has the partitions next. */
    @Override
    public void commitNow(Map<Source, Progress> progress) {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(progress);
        shadow.put(offsets);
        try {
            consumer.commitSync(offsets, COMMIT);
        } catch (KafkaException e) {
            log.info(
                    "{}: the last commit of {} failed, what was finished since the one before comes again: {}",
                    terms.subscription.name(),
                    offsets.keySet(),
                    e.getClass().getSimpleName());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Source, Progress> progress) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        progress.forEach((source, done) ->
                offsets.put(partition(source), new OffsetAndMetadata(done.frontier(), done.metadata(terms.owner))));
        return offsets;
    }

    @Override
    public Map<Source, Progress> starts(Collection<Source> assigned) {
        GroupOffsets.Committed committed = terms.offsets.read(Broker.PATIENCE);
        Map<Source, Progress> starts = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> rewound = new HashMap<>();
        for (Source source : assigned) {
            TopicPartition partition = partition(source);
            boolean atFirstStart =
                    source.topic().equals(terms.subscription.topic()) && terms.firstStart.contains(source.partition());
            switch (committed.startAt(partition, terms.rescued, atFirstStart)) {
                case StartAt.Lost ignored ->
                    throw new KafkaException(
                            source + " has lost its offset; it is looked at again before the next join");
                case StartAt.From from -> {
                    String metadata = committed.metadata(partition, from.gaps());
                    Progress start = metadata == null
                            ? Progress.at(from.offset())
                            : Progress.parse(from.offset(), metadata, terms.owner);
                    starts.put(source, start);
                    StartAt.Stolen stolen = from.stolen();
                    if (stolen != null) {
                        terms.thefts.stolen(source, stolen);
                    }
                    if (from.rewound()) {
                        log.info(
                                "{}: {} was rewound to {} by an operator",
                                terms.subscription.name(),
                                source,
                                from.offset());
                        rewound.put(partition, new OffsetAndMetadata(from.offset(), start.metadata(terms.owner)));
                    }
                }
            }
        }
        terms.offsets.setShadow(rewound);
        // Also where nothing changes: a broker forgets what a group without members has not been told for a week.
        shadow.put(offsets(starts));
        starts.forEach((source, start) -> consumer.seek(partition(source), start.frontier()));
        return starts;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        fetched = null;
        loop.assigned(partitions.stream().map(this::source).toList());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        fetched = null;
        loop.revoked(partitions.stream().map(this::source).toList());
        if (!terms.rescued) {
            shadow.release(partitions);
        }
        partitions.forEach(each -> terms.meters.forgetLag(source(each)));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        fetched = null;
        loop.lost(partitions.stream().map(this::source).toList());
        shadow.drop(partitions);
        partitions.forEach(each -> terms.meters.forgetLag(source(each)));
    }

    private Source source(TopicPartition partition) {
        return sources.computeIfAbsent(partition, key -> new Source(key.topic(), key.partition()));
    }

    private static TopicPartition partition(Source source) {
        return new TopicPartition(source.topic(), source.partition());
    }

    /** Told when a membership has ended. */
    interface Ended {
        /**
         * @param membership which
         * @param thrown what ended it; null: it was stopped
         */
        void ended(Membership membership, @Nullable Throwable thrown);
    }

    /** Told of what others have committed in our place. */
    interface Thefts {
        /**
         * @param source the partition
         * @param span what is handled now although somebody else has committed it
         */
        void stolen(Source source, StartAt.Stolen span);
    }

    /** Which lane a record goes to. */
    interface Lanes {
        /** The key whose records are handled in order and one after the other, or a {@link Split}; null: none other's. */
        @Nullable
        Object key(ConsumerRecord<byte[], byte[]> record);

        /** The lanes of a subscription. */
        static Lanes of(Subscription<?> subscription, ConsumeSettings.Ordering ordering) {
            Lanes byKey = record -> record.key() == null ? null : new LaneKey(record.key());
            return switch (ordering) {
                case KEY -> byKey;
                case NONE -> record -> null;
                case RECORD -> {
                    var finer = subscription.finer();
                    yield finer == null ? byKey : new FinerLanes(subscription, finer);
                }
            };
        }
    }

    /** Lanes within keys, as the subscription says. */
    private static final class FinerLanes implements Lanes {
        private final Subscription<?> subscription;
        private final Function<Decoder.Received, @Nullable String> finer;
        private boolean said;

        private FinerLanes(Subscription<?> subscription, Function<Decoder.Received, @Nullable String> finer) {
            this.subscription = subscription;
            this.finer = finer;
        }

        @Override
        public @Nullable Object key(ConsumerRecord<byte[], byte[]> record) {
            return record.key() == null ? null : new Split(new LaneKey(record.key()), part(record));
        }

        private @Nullable String part(ConsumerRecord<byte[], byte[]> record) {
            try {
                return finer.apply(Decoder.Received.of(record, subscription.group()));
            } catch (RuntimeException | Error e) {
                // Once: it may be so for each record. Its message may repeat the record, so only its class is written.
                if (!said) {
                    said = true;
                    log.warn(
                            "{}: {} when asked for the lane of {}-{} offset {}; such records go to the lane of their key",
                            subscription.name(),
                            e.getClass().getName(),
                            record.topic(),
                            record.partition(),
                            record.offset());
                }
                return null;
            }
        }
    }

    /**
     * Who joins what.
     *
     * @param subscription whose records are read
     * @param owner who we are
     * @param offsets of the group and its shadow
     * @param rescued whether it is the shadow that is joined
     * @param firstStart the partitions that were there when the group first ran
     * @param drain how long a revocation may wait for calls to end
     * @param lanes which lane a record goes to
     * @param meters its figures
     * @param thefts told of stolen spans
     */
    record Terms(
            Subscription<?> subscription,
            String owner,
            GroupOffsets offsets,
            boolean rescued,
            Set<Integer> firstStart,
            Duration drain,
            Lanes lanes,
            ConsumeMeters meters,
            Thefts thefts) {}
}
