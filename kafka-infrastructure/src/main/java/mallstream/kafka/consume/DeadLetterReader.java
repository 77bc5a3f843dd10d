package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import mallstream.kafka.Broker;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.ConsumerControl.DeadLetter;
import mallstream.kafka.consume.ConsumerControl.DeadLetterPage;
import mallstream.kafka.consume.ConsumerControl.DeadLetterQuery;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.core.KeyHash;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

/** Shows the dead letters of a group, page by page. */
final class DeadLetterReader {
    /** Dead letters that one page may look at; a filter that finds few stops there, and says where to go on. */
    static final int MOST_READ = 20_000;

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final int LARGEST_PAGE = 500;

    private final Broker broker;
    private final Clock clock;
    private final int mostRead;

    /**
     * @param broker the cluster
     * @param clock the time
     * @param mostRead dead letters that one page may look at, 1 or more; usually {@link #MOST_READ}
     */
    DeadLetterReader(Broker broker, Clock clock, int mostRead) {
        this.broker = broker;
        this.clock = clock;
        this.mostRead = mostRead;
    }

    /**
     * @param group whose dead letters
     * @param query which ones
     * @return a page; it may be short or empty and have a next one, where a filter finds few
     * @throws InvalidRequest if the query is malformed
     * @throws org.apache.kafka.common.KafkaException if the cluster does not answer
     */
    DeadLetterPage page(ConsumerGroupId group, DeadLetterQuery query) {
        if (query.size() < 1 || query.size() > LARGEST_PAGE) {
            throw new InvalidRequest("size", "is " + query.size() + ", must be 1 to " + LARGEST_PAGE);
        }
        DeadLetterId after = query.after() == null ? null : DeadLetterId.parse("after", query.after());
        String topic = Topics.deadLetters(group.value());
        SortedMap<Integer, Long> ends = TopicScan.ends(broker, topic);
        Map<Integer, Long> from = Map.of();
        if (after != null) {
            ends = ends.tailMap(after.partition());
            from = Map.of(after.partition(), after.offset() + 1);
        }
        try (TopicScan scan = new TopicScan(broker, topic, from, ends, null)) {
            return page(scan, query);
        }
    }

    private DeadLetterPage page(TopicScan scan, DeadLetterQuery query) {
        Instant until = clock.instant().plus(LONGEST);
        List<DeadLetter> found = new ArrayList<>();
        int read = 0;
        String last = null;
        while (found.size() < query.size()
                && read < mostRead
                && !scan.finished()
                && clock.instant().isBefore(until)) {
            ConsumerRecord<byte[], byte[]> next = scan.next(WAIT);
            if (next != null) {
                read++;
                last = new DeadLetterId(next.partition(), next.offset()).toString();
                if (wanted(next, query)) {
                    found.add(view(next));
                }
            }
        }
        if (scan.finished()) {
            return new DeadLetterPage(found, null);
        }
        if (last == null) {
            throw new TimeoutException("no dead letter could be read within " + LONGEST.toSeconds() + " s");
        }
        return new DeadLetterPage(found, last);
    }

    private static boolean wanted(ConsumerRecord<byte[], byte[]> message, DeadLetterQuery query) {
        return is(query.reason(), message.headers(), KafkaHeaders.DLT_EXCEPTION_MESSAGE)
                && is(query.topic(), message.headers(), KafkaHeaders.DLT_ORIGINAL_TOPIC)
                && (query.key() == null || Arrays.equals(query.key().getBytes(UTF_8), message.key()));
    }

    private static boolean is(@Nullable String wanted, Headers headers, String name) {
        return wanted == null || wanted.equals(DeadLetterHeaders.text(headers, name));
    }

    private static DeadLetter view(ConsumerRecord<byte[], byte[]> message) {
        Headers headers = message.headers();
        Origin origin = Origin.in(headers);
        return new DeadLetter(
                new DeadLetterId(message.partition(), message.offset()).toString(),
                origin == null ? "" : origin.topic(),
                origin == null ? -1 : origin.partition(),
                origin == null ? -1 : origin.offset(),
                Instant.ofEpochMilli(message.timestamp()),
                DeadLetterHeaders.text(headers, KafkaHeaders.DLT_EXCEPTION_MESSAGE),
                DeadLetterHeaders.text(headers, KafkaHeaders.DLT_EXCEPTION_FQCN),
                DeadLetterHeaders.count(headers, DeadLetterHeaders.ATTEMPTS),
                DeadLetterHeaders.count(headers, DeadLetterHeaders.REPLAYS),
                KeyHash.of(message.key()),
                ValueMask.of(message.value()));
    }
}
