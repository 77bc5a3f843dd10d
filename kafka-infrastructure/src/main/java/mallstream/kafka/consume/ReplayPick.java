package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeSet;
import mallstream.kafka.Broker;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

/**
 * The dead letters that a replay is for, among those that are there when it is asked for.
 *
 * @param ids which ones; empty where they were asked for by reason
 * @param ends by partition where to stop
 * @param total how many
 * @param leftOut those that were replayed too often, the first 1,000
 */
record ReplayPick(NavigableSet<DeadLetterId> ids, SortedMap<Integer, Long> ends, long total, List<String> leftOut) {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final int MOST_LISTED = 1000;

    /**
     * Looks at the dead letters of a group.
     *
     * @param broker the cluster
     * @param group whose
     * @param ids only these; {@code null}: all
     * @param reason only of this reason; {@code null}: of any
     * @param cap those that were replayed as often are left out
     * @param clock the time
     * @return what is to be replayed; after 10 s what was not looked at counts as well
     * @throws InvalidRequest if an id names what is not there
     * @throws org.apache.kafka.common.KafkaException if the cluster does not answer
     */
    static ReplayPick of(
            Broker broker,
            ConsumerGroupId group,
            @Nullable NavigableSet<DeadLetterId> ids,
            @Nullable String reason,
            int cap,
            Clock clock) {
        String topic = Topics.deadLetters(group.value());
        SortedMap<Integer, Long> ends = TopicScan.ends(broker, topic);
        if (ids != null) {
            ends.replaceAll((partition, end) -> {
                DeadLetterId last = ids.lower(new DeadLetterId(partition, end));
                return last != null && last.partition() == partition ? last.offset() + 1 : 0;
            });
        }
        NavigableSet<DeadLetterId> missing = ids == null ? new TreeSet<>() : new TreeSet<>(ids);
        NavigableSet<DeadLetterId> picked = new TreeSet<>();
        List<String> leftOut = new ArrayList<>();
        long total = 0;
        Instant until = clock.instant().plus(LONGEST);
        try (TopicScan scan = new TopicScan(broker, topic, Map.of(), ends, ids)) {
            while (!scan.finished() && clock.instant().isBefore(until)) {
                ConsumerRecord<byte[], byte[]> next = scan.next(WAIT);
                if (next == null || !is(reason, next)) {
                    continue;
                }
                DeadLetterId id = new DeadLetterId(next.partition(), next.offset());
                missing.remove(id);
                if (replays(next) < cap) {
                    total++;
                    if (ids != null) {
                        picked.add(id);
                    }
                } else if (leftOut.size() < MOST_LISTED) {
                    leftOut.add(id.toString());
                }
            }
            if (ids == null) {
                total += scan.left();
            } else if (!scan.finished()) {
                throw new TimeoutException("not all could be read within " + LONGEST.toSeconds() + " s");
            }
        }
        if (!missing.isEmpty()) {
            throw new InvalidRequest("ids", missing.first() + " is no dead letter of " + group);
        }
        return new ReplayPick(picked, ends, total, List.copyOf(leftOut));
    }

    static boolean is(@Nullable String reason, ConsumerRecord<byte[], byte[]> message) {
        return reason == null
                || reason.equals(DeadLetterHeaders.text(message.headers(), KafkaHeaders.DLT_EXCEPTION_MESSAGE));
    }

    static int replays(ConsumerRecord<byte[], byte[]> message) {
        return DeadLetterHeaders.count(message.headers(), DeadLetterHeaders.REPLAYS);
    }
}
