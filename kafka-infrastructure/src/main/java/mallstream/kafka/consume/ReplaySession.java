package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import mallstream.kafka.Broker;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.core.Rate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.KafkaHeaders;

/** One replay while this instance runs it: reads dead letters and sends them, at the rate asked for. */
final class ReplaySession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplaySession.class);
    private static final Duration WAIT = Duration.ofMillis(200);
    /** A turn that only looks for dead letters of its reason ends after this time too, so that progress is saved. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(1);

    private final Broker broker;
    private final String group;
    private final ReplayState begun;
    private final int cap;
    private final Clock clock;
    private final int partitions;
    private final Rate rate;
    private final TopicScan scan;
    private final SortedMap<Integer, Long> next;
    private final List<Sent> unconfirmed = new ArrayList<>();
    private long sent;
    private @Nullable DeadLetterId passed;

    /**
     * @param broker the cluster
     * @param group whose dead letters
     * @param begun what is to be done and where to go on
     * @param cap a dead letter that was replayed as often is left out
     * @param clock the time
     * @throws org.apache.kafka.common.KafkaException if the cluster does not answer
     */
    ReplaySession(Broker broker, String group, ReplayState begun, int cap, Clock clock) {
        this.broker = broker;
        this.group = group;
        this.begun = begun;
        this.cap = cap;
        this.clock = clock;
        this.next = new TreeMap<>(begun.next());
        this.sent = begun.sent();
        this.rate = new Rate(begun.perSecond(), nanos());
        this.partitions = broker.partitions(Topics.replay(group));
        String topic = Topics.deadLetters(group);
        SortedMap<Integer, Long> ends = TopicScan.ends(broker, topic);
        // A topic that was made anew may end earlier than it did when the replay was started.
        ends.replaceAll((partition, end) -> Math.min(end, begun.ends().getOrDefault(partition, 0L)));
        this.scan = new TopicScan(broker, topic, next, ends, begun.only());
    }

    /** What this session goes on with. */
    String id() {
        return begun.id();
    }

    /**
     * Sends what the rate allows now, and waits until it is safe.
     *
     * @param goesOn false: end soon
     * @throws org.apache.kafka.common.KafkaException if some of it was not confirmed; this session can't be used then
     */
    void run(BooleanSupplier goesOn) {
        Instant until = clock.instant().plus(LONGEST_TURN);
        int permits = rate.permits(nanos());
        while (permits > 0
                && !scan.finished()
                && goesOn.getAsBoolean()
                && clock.instant().isBefore(until)) {
            ConsumerRecord<byte[], byte[]> message = scan.next(WAIT);
            if (message == null) {
                break;
            }
            passed = new DeadLetterId(message.partition(), message.offset());
            if (wanted(message)) {
                CompletableFuture<RecordMetadata> sending = broker.send(replay(message));
                unconfirmed.add(new Sent(passed, sending));
                rate.take(1);
                permits--;
                if (sending.isCompletedExceptionally()) {
                    break;
                }
            }
            if (!scan.ready()) {
                // So no more is on its way than one poll has brought.
                confirm();
            }
        }
        confirm();
    }

    private boolean wanted(ConsumerRecord<byte[], byte[]> message) {
        return ReplayPick.replays(message) < cap && ReplayPick.is(begun.reason(), message);
    }

    private ProducerRecord<byte[], byte[]> replay(ConsumerRecord<byte[], byte[]> message) {
        RecordHeaders headers = new RecordHeaders();
        for (Header each : message.headers()) {
            boolean ofThisDeath = each.key().startsWith(KafkaHeaders.PREFIX + "dlt-")
                    || each.key().equals(DeadLetterHeaders.ATTEMPTS);
            if (!ofThisDeath) {
                headers.add(each);
            }
        }
        Origin origin = Origin.in(message.headers());
        if (origin != null) {
            origin.put(headers);
        }
        DeadLetterHeaders.put(headers, DeadLetterHeaders.REPLAYS, Integer.toString(ReplayPick.replays(message) + 1));
        int partition = origin == null ? message.partition() : origin.partition();
        // Its time is now: retention would take a record away that carries an old one.
        return new ProducerRecord<>(
                Topics.replay(group), partition % partitions, null, message.key(), message.value(), headers);
    }

    private void confirm() {
        for (Sent each : unconfirmed) {
            try {
                Broker.confirm(each.sending);
                sent++;
            } catch (RecordTooLargeException e) {
                // It will never fit, and must not hold the others.
                log.error("dead letter {} of {} is larger than its replay topic takes, left out", each.id, group);
            }
            next.put(each.id.partition(), each.id.offset() + 1);
        }
        unconfirmed.clear();
        if (passed != null) {
            next.put(passed.partition(), passed.offset() + 1);
        }
    }

    /** Whether all of it is sent. */
    boolean finished() {
        return scan.finished();
    }

    /** How far it is now, as far as that is safe. */
    ReplayState progress(ReplayState current, boolean ended) {
        return current.with(new TreeMap<>(next), sent, ended, clock.instant());
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Override
    public void close() {
        scan.close();
    }

    private record Sent(DeadLetterId id, CompletableFuture<RecordMetadata> sending) {}
}
