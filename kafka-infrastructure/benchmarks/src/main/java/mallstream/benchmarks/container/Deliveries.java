package mallstream.benchmarks.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.Decoder;
import mallstream.kafka.consume.InfrastructureUnavailable;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the records of one subscription: who is called when, what an answer means, what is tried again. It
 * remembers, per partition, the records above the first unfinished one, because a partition with an unfinished record is
 * rewound to it and the others come again with it. At most one poll's records per partition are remembered.
 *
 * <p>Used by the poll thread only.
 *
 * @param <E> the event's type
 */
final class Deliveries<E> {
    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    /**
     * How long one window is worked on before the poll thread returns to the broker; what is not done comes again. It is
     * a fifth of Kafka's max.poll.interval of 5 min, which leaves room for one slow call.
     */
    static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);

    private final Subscription<E> subscription;
    private final Bounds bounds;
    private final Burial deadLetters;
    private final ConsumeMeters meters;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<TopicPartition, NavigableMap<Long, Memory>> memories = new HashMap<>();
    private int outagesInARow;
    private @Nullable Instant outageSince;

    Deliveries(
            Subscription<E> subscription,
            Bounds bounds,
            Burial deadLetters,
            ConsumeMeters meters,
            Clock clock,
            RandomGenerator random) {
        this.subscription = subscription;
        this.bounds = bounds;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Works on what one poll brought.
     *
     * @param window records in the order of their partitions
     * @param goesOn whether to begin another call; a stop lets the running one end
     * @return where each partition of the window stands now
     */
    Verdict process(List<ConsumerRecord<byte[], byte[]>> window, BooleanSupplier goesOn) {
        Instant until = clock.instant().plus(LONGEST_WINDOW);
        List<Item<E>> items = window.stream().map(this::item).toList();
        meters.held(unfinished());
        Failures failures = new Failures();
        SubscriptionState.@Nullable Outage outage = null;
        while (outage == null && goesOn.getAsBoolean() && clock.instant().isBefore(until)) {
            Selection<E> selection = select(items);
            if (selection.isEmpty()) {
                break;
            }
            bury(selection.doomed, failures);
            if (!selection.chunk.isEmpty()) {
                outage = call(selection.chunk, failures);
            }
        }
        failures.log(subscription.name());
        Verdict verdict = new Verdict(places(items), outage);
        verdict.places.forEach((partition, place) -> memories.getOrDefault(partition, new TreeMap<>())
                .headMap(place.offset)
                .clear());
        meters.held(unfinished());
        return verdict;
    }

    /** Forgets partitions that this instance no longer serves; attempts are counted anew where they go. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(memories::remove);
        meters.held(unfinished());
    }

    /**
     * What can be worked on now, in order: not what is finished, not what waits for its time, and nothing of a key behind
     * an unfinished record of that key. A dead letter is confirmed before the next record of its key begins.
     */
    private Selection<E> select(List<Item<E>> items) {
        Instant now = clock.instant();
        Selection<E> selection = new Selection<>(new ArrayList<>(), new ArrayList<>());
        Set<Lane> blocked = new HashSet<>();
        int room = bounds.maxSize();
        for (Item<E> item : items) {
            Memory memory = item.memory;
            if (memory.finished || blocked.contains(item.lane)) {
                continue;
            }
            if (memory.notBefore.isAfter(now)) {
                block(blocked, item);
                continue;
            }
            if (memory.doom == null && item.event == null) {
                decode(item);
            }
            if (memory.doom != null) {
                selection.doomed.add(item);
                block(blocked, item);
                continue;
            }
            room = Math.min(room, memory.company);
            if (selection.chunk.size() >= room) {
                break;
            }
            selection.chunk.add(item);
        }
        return selection;
    }

    private void decode(Item<E> item) {
        ConsumerRecord<byte[], byte[]> source = item.source;
        try {
            item.event = subscription
                    .decoder()
                    .decode(new Decoder.Received(
                            source.topic(),
                            source.partition(),
                            source.offset(),
                            Instant.ofEpochMilli(source.timestamp()),
                            source.key() == null ? null : new String(source.key(), UTF_8),
                            source.value() == null ? new byte[0] : source.value()));
        } catch (Decoder.Malformed e) {
            item.memory.doom =
                    new DeadLetters.Why(reason(e.getMessage()), e.getClass().getName());
        } catch (RuntimeException e) {
            // A decoder is a function of the bytes: what it throws today it throws tomorrow.
            item.memory.doom = new DeadLetters.Why("undecodable", e.getClass().getName());
        }
    }

    /** Calls the handler; gives the outage if the infrastructure behind it failed. */
    private SubscriptionState.@Nullable Outage call(List<Item<E>> chunk, Failures failures) {
        meters.call(chunk.size());
        try {
            List<Result> results = subscription
                    .handler()
                    .handle(chunk.stream().map(Item::decoded).toList());
            if (results.size() > chunk.size()) {
                throw new IllegalStateException(
                        results.size() + " results for " + chunk.size() + " events: nobody knows which is whose");
            }
            apply(chunk, results, failures);
        } catch (InfrastructureUnavailable e) {
            return outage(e);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            // The errors named are the event's doing, or a bug's; others, such as OutOfMemoryError, end the poll
            // thread.
            opaque(chunk, e, failures);
        } finally {
            meters.called();
        }
        outagesInARow = 0;
        outageSince = null;
        return null;
    }

    private void apply(List<Item<E>> chunk, List<Result> results, Failures failures) {
        Set<Lane> blocked = new HashSet<>();
        for (int i = 0; i < chunk.size(); i++) {
            Item<E> item = chunk.get(i);
            Result result = i < results.size() ? results.get(i) : null;
            // Behind an unfinished record of its key an event may have had its effect, but it can't have had its turn.
            boolean itsTurn = !blocked.contains(item.lane);
            if (result == null) {
                if (itsTurn) {
                    failed(item, "no-result", Result.class.getName(), failures);
                }
            } else {
                apply(item, result, itsTurn);
            }
            if (!item.memory.finished) {
                block(blocked, item);
            }
        }
    }

    private void apply(Item<E> item, Result result, boolean itsTurn) {
        switch (result) {
            case Result.Done ignored -> finish(item, ConsumeMeters.Outcome.DONE);
            case Result.AlreadyDone ignored -> finish(item, ConsumeMeters.Outcome.ALREADY_DONE);
            case Result.Refused refused -> {
                if (itsTurn) {
                    item.memory.doom = new DeadLetters.Why(reason(refused.reason()), Result.Refused.class.getName());
                }
            }
            case Result.TryLater later -> {
                if (itsTurn) {
                    later(item, later.after());
                }
            }
        }
    }

    /**
     * A batch failed and nobody knows whose fault it was: its events lose half of their company, until the one at fault
     * is alone and pays. The bound stays with the record, so that a window which runs out of time goes on where it was.
     */
    private void opaque(List<Item<E>> chunk, Throwable thrown, Failures failures) {
        failures.last = thrown;
        if (chunk.size() == 1) {
            failed(chunk.getFirst(), "attempts-used-up", thrown.getClass().getName(), failures);
            return;
        }
        chunk.forEach(item -> item.memory.company = (chunk.size() + 1) / 2);
    }

    private void failed(Item<E> item, String reason, String className, Failures failures) {
        Memory memory = item.memory;
        memory.attempts++;
        failures.attempts++;
        if (memory.attempts >= bounds.attempts()) {
            memory.doom = new DeadLetters.Why(reason, className);
        } else {
            memory.notBefore = clock.instant().plus(bounds.backoff(memory.attempts, random));
            meters.retry();
        }
    }

    private void later(Item<E> item, Duration after) {
        Memory memory = item.memory;
        Instant now = clock.instant();
        Instant since = memory.laterSince == null ? now : memory.laterSince;
        memory.laterSince = since;
        Instant tooOld = since.plus(bounds.tryLaterFor());
        if (!now.isBefore(tooOld)) {
            memory.doom = new DeadLetters.Why("too-old", Result.TryLater.class.getName());
            return;
        }
        Instant wanted = now.plus(after.isNegative() ? Duration.ZERO : after);
        // The last try comes when the time is up, however far away the wish; and a wish of nothing must not spin.
        Instant earliest = now.plus(bounds.firstBackoff());
        memory.notBefore = wanted.isBefore(earliest) ? earliest : wanted.isAfter(tooOld) ? tooOld : wanted;
    }

    private SubscriptionState.Outage outage(InfrastructureUnavailable failure) {
        Instant now = clock.instant();
        Instant since = outageSince == null ? now : outageSince;
        outageSince = since;
        outagesInARow++;
        Instant until = now.plus(bounds.backoff(outagesInARow, random));
        String what = String.valueOf(failure.getMessage());
        log.warn("{}: {} since {}, next try at {}", subscription.name(), what, since, until);
        return new SubscriptionState.Outage(what, since, until);
    }

    private void bury(List<Item<E>> doomed, Failures failures) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        for (Item<E> item : doomed) {
            sent.add(deadLetters.send(item.source, doom(item), item.memory.attempts));
            if (sent.getLast().isCompletedExceptionally()) {
                // The producer waited as long as it may; the rest would wait as long each.
                break;
            }
        }
        for (int i = 0; i < doomed.size(); i++) {
            Item<E> item = doomed.get(i);
            try {
                if (i >= sent.size()) {
                    throw new KafkaException("not sent");
                }
                Broker.confirm(sent.get(i));
                item.memory.finished = true;
                failures.deadLetters++;
                meters.deadLetter(doom(item).reason());
            } catch (KafkaException e) {
                failures.last = e;
                item.memory.burials++;
                item.memory.notBefore = clock.instant().plus(bounds.backoff(item.memory.burials, random));
            }
        }
    }

    private void finish(Item<E> item, ConsumeMeters.Outcome outcome) {
        item.memory.finished = true;
        meters.finished(outcome);
    }

    /** Per partition the first unfinished record, or what follows the last; and when there is something to do again. */
    private Map<TopicPartition, Place> places(List<Item<E>> items) {
        Map<TopicPartition, Place> places = new HashMap<>();
        Set<Lane> blocked = new HashSet<>();
        for (Item<E> item : items) {
            TopicPartition partition = partition(item.source);
            Place place = places.get(partition);
            boolean open = place != null && place.again != null;
            if (item.memory.finished) {
                if (!open) {
                    places.put(partition, new Place(item.source.offset() + 1, null));
                }
                continue;
            }
            // Whoever waits behind its key is not due before its key is.
            Instant due = blocked.contains(item.lane) ? Instant.MAX : item.memory.notBefore;
            block(blocked, item);
            if (place == null || place.again == null) {
                places.put(partition, new Place(item.source.offset(), due));
            } else if (due.isBefore(place.again)) {
                places.put(partition, new Place(place.offset, due));
            }
        }
        return places;
    }

    private Item<E> item(ConsumerRecord<byte[], byte[]> source) {
        TopicPartition partition = partition(source);
        Memory memory = memories.computeIfAbsent(partition, key -> new TreeMap<>())
                .computeIfAbsent(source.offset(), key -> new Memory());
        Lane lane = source.key() == null ? null : new Lane(partition, ByteBuffer.wrap(source.key()));
        return new Item<>(source, lane, memory);
    }

    private int unfinished() {
        return (int) memories.values().stream()
                .flatMap(each -> each.values().stream())
                .filter(each -> !each.finished)
                .count();
    }

    private static void block(Set<Lane> blocked, Item<?> item) {
        if (item.lane != null) {
            blocked.add(item.lane);
        }
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> source) {
        return new TopicPartition(source.topic(), source.partition());
    }

    private static DeadLetters.Why doom(Item<?> item) {
        if (item.memory.doom == null) {
            throw new IllegalStateException("not doomed");
        }
        return item.memory.doom;
    }

    /** A reason becomes a header and a tag of a metric, so what is no short code is not repeated. */
    private static String reason(@Nullable String code) {
        return code != null && code.matches("[a-z0-9][a-z0-9.-]{0,63}") ? code : "unnamed";
    }

    /** Sends a record to the dead-letter topic. */
    @FunctionalInterface
    interface Burial {
        CompletableFuture<RecordMetadata> send(
                ConsumerRecord<byte[], byte[]> source, DeadLetters.Why why, int attempts);
    }

    /**
     * @param places by partition where it stands
     * @param outage what the handler needs and does not have, or {@code null}
     */
    record Verdict(Map<TopicPartition, Place> places, SubscriptionState.@Nullable Outage outage) {}

    /**
     * @param offset everything below it is finished
     * @param again when the partition is to be read again from that offset; {@code null} where nothing is unfinished
     */
    record Place(long offset, @Nullable Instant again) {}

    /** What is known of one record between its deliveries. */
    private static final class Memory {
        private boolean finished;
        private int attempts;
        private int burials;
        private int company = Integer.MAX_VALUE;
        private Instant notBefore = Instant.MIN;
        private @Nullable Instant laterSince;
        private DeadLetters.@Nullable Why doom;
    }

    private static final class Item<E> {
        private final ConsumerRecord<byte[], byte[]> source;
        private final @Nullable Lane lane;
        private final Memory memory;
        private @Nullable E event;

        private Item(ConsumerRecord<byte[], byte[]> source, @Nullable Lane lane, Memory memory) {
            this.source = source;
            this.lane = lane;
            this.memory = memory;
        }

        private E decoded() {
            if (event == null) {
                throw new IllegalStateException("not decoded");
            }
            return event;
        }
    }

    private record Lane(TopicPartition partition, ByteBuffer key) {}

    private record Selection<E>(List<Item<E>> chunk, List<Item<E>> doomed) {
        private boolean isEmpty() {
            return chunk.isEmpty() && doomed.isEmpty();
        }
    }

    /** One line per window: a line per failure would be a flood when everything fails. */
    private static final class Failures {
        private int attempts;
        private int deadLetters;
        private @Nullable Throwable last;

        private void log(String name) {
            if (attempts == 0 && deadLetters == 0 && last == null) {
                return;
            }
            // The message of an exception may repeat what the event holds, so only its class and place are written.
            log.warn(
                    "{}: {} failed attempts, {} dead letters, last failure: {}",
                    name,
                    attempts,
                    deadLetters,
                    last == null ? "named by the handler or the decoder" : place(last));
        }

        private static String place(Throwable thrown) {
            StackTraceElement[] trace = thrown.getStackTrace();
            return thrown.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        }
    }
}
