package mallstream.kafka.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.Topics;
import mallstream.kafka.Tracing;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.model.Event;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.NoticeRequested;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes members' events as CloudEvents in Kafka's binary mode. Events go in waves: the first of every member
 * together, then the second of every member that is still well. A pipeline per member would be faster where one member
 * has many events, but after a failure in the middle the producer may still send the later ones, and they would overtake
 * the failed one when it comes again.
 */
final class EventPublisher implements PublishEvents {
    private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);

    /** No wave begins after this time; what was not sent has failed and may come again. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Broker broker;
    private final OwnTopics topics;
    private final Tracing tracing;
    private final Clock clock;
    private final JsonMapper json = new JsonMapper();
    private final AtomicBoolean outage = new AtomicBoolean();

    EventPublisher(Broker broker, OwnTopics topics, Tracing tracing, Clock clock) {
        this.broker = broker;
        this.topics = topics;
        this.tracing = tracing;
        this.clock = clock;
    }

    @Override
    public List<Boolean> publish(List<? extends Event> events) {
        Boolean[] safe = new Boolean[events.size()];
        Arrays.fill(safe, false);
        if (topics.ready()) {
            publish(events, safe);
            int left = Collections.frequency(Arrays.asList(safe), false);
            tell(left, safe.length);
        }
        return List.of(safe);
    }

    /** An outage and its end are told once each, and not every few seconds in between. */
    private void tell(int left, int all) {
        if (left > 0 && outage.compareAndSet(false, true)) {
            log.warn("Kafka has confirmed {} of {} events, the others come again until it does", all - left, all);
        } else if (left == 0 && outage.compareAndSet(true, false)) {
            log.info("Kafka confirms events again");
        }
    }

    private void publish(List<? extends Event> events, Boolean[] safe) {
        Map<MemberId, Deque<Integer>> runs = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            runs.computeIfAbsent(events.get(i).memberId(), key -> new ArrayDeque<>())
                    .add(i);
        }
        Instant until = clock.instant().plus(LONGEST);
        boolean away = false;
        while (!away && !runs.isEmpty() && clock.instant().isBefore(until)) {
            List<Sent> wave = new ArrayList<>();
            for (Map.Entry<MemberId, Deque<Integer>> run : runs.entrySet()) {
                int index = run.getValue().getFirst();
                CompletableFuture<RecordMetadata> sent = broker.send(message(events.get(index)));
                wave.add(new Sent(run.getKey(), index, sent));
                if (sent.isCompletedExceptionally() || !clock.instant().isBefore(until)) {
                    // The producer waited for the broker as long as it may; it would wait as long for each of the rest.
                    away = true;
                    break;
                }
            }
            for (Sent each : wave) {
                Deque<Integer> run = runs.getOrDefault(each.member, new ArrayDeque<>());
                safe[each.index] = confirmed(each.sent);
                run.pollFirst();
                if (!safe[each.index] || run.isEmpty()) {
                    runs.remove(each.member);
                }
            }
        }
    }

    private static boolean confirmed(CompletableFuture<RecordMetadata> sent) {
        try {
            Broker.confirm(sent);
            return true;
        } catch (InterruptException e) {
            // The interrupt stays set, so the remaining ones fail at once as well.
            return false;
        } catch (KafkaException e) {
            return false;
        }
    }

    private ProducerRecord<byte[], byte[]> message(Event event) {
        return switch (event) {
            case MemberSignedUp signUp ->
                message(
                        Topics.MEMBER_SIGNED_UP,
                        signUp.eventId().toString(),
                        signUp.signedUpAt(),
                        signUp.memberId(),
                        Map.of(
                                "eventId", signUp.eventId().toString(),
                                "mallId", signUp.mallId().value(),
                                "memberId", signUp.memberId().toString(),
                                "signedUpAt", signUp.signedUpAt().toString()));
            case NoticeRequested notice ->
                message(
                        Topics.MEMBER_NOTICE_REQUESTED,
                        notice.campaignId() + "/" + notice.memberId(),
                        clock.instant(),
                        notice.memberId(),
                        Map.of(
                                "campaignId", notice.campaignId().toString(),
                                "mallId", notice.mallId().value(),
                                "memberId", notice.memberId().toString()));
        };
    }

    /** Five headers need no library. The type is the topic's name: a topic holds one type. */
    private ProducerRecord<byte[], byte[]> message(
            String topic, String id, Instant time, MemberId memberId, Map<String, String> fields) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_specversion", "1.0".getBytes(UTF_8));
        headers.add("ce_id", id.getBytes(UTF_8));
        headers.add("ce_type", topic.getBytes(UTF_8));
        headers.add("ce_source", "/mallstream/member".getBytes(UTF_8));
        headers.add("ce_time", time.toString().getBytes(UTF_8));
        headers.add("content-type", "application/json".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(
                topic, null, null, memberId.toString().getBytes(UTF_8), json.writeValueAsBytes(fields), headers);
        // The trace of the timer that relays: the outbox does not keep the trace of the call that filled it.
        tracing.inject(message);
        return message;
    }

    private record Sent(MemberId member, int index, CompletableFuture<RecordMetadata> sent) {}
}
