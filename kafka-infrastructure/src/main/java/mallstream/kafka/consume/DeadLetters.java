package mallstream.kafka.consume;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import mallstream.kafka.Broker;
import mallstream.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.KafkaHeaders;

/**
 * The dead-letter topic of one group. The headers have spring-kafka's names, so that tools which know them can read
 * them; its recoverer is turned down because it writes messages and stack traces of exceptions, which may hold personal
 * data and can make a large record too large.
 */
final class DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final Broker broker;
    private final ConsumerGroupId group;
    private volatile int limit;
    private volatile boolean unknown;

    DeadLetters(Broker broker, ConsumerGroupId group) {
        this.broker = broker;
        this.group = group;
    }

    static String topic(ConsumerGroupId group) {
        return Topics.deadLetters(group.value());
    }

    /**
     * Writes a dead letter. A replayed record that dies again says where it was first, not where its replay was. Headers
     * of the source that do not fit into the topic are left out, largest first; key and value never are. The first call
     * may wait for the cluster to tell how large a dead letter may be, up to {@link Broker#PATIENCE}.
     *
     * @param source the record as it was read
     * @param why why it can't be handled
     * @param attempts calls that failed
     * @return completes when the dead letter is safe
     */
    CompletableFuture<RecordMetadata> send(ConsumerRecord<byte[], byte[]> source, Why why, int attempts) {
        RecordHeaders headers = new RecordHeaders(source.headers().toArray());
        if (!Origin.replayed(source, group)) {
            headers.remove(DeadLetterHeaders.REPLAYS);
            headers.remove(DeadLetterHeaders.DROPPED);
        }
        Origin.of(source, group).put(headers);
        DeadLetterHeaders.put(headers, KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP, group.value());
        DeadLetterHeaders.put(headers, KafkaHeaders.DLT_EXCEPTION_FQCN, why.className());
        DeadLetterHeaders.put(headers, KafkaHeaders.DLT_EXCEPTION_MESSAGE, why.reason());
        DeadLetterHeaders.put(headers, DeadLetterHeaders.ATTEMPTS, Integer.toString(attempts));
        if (FittingHeaders.some(headers)) {
            headers = FittingHeaders.of(headers, source.key(), source.value(), limit());
        }
        return broker.send(new ProducerRecord<>(topic(group), null, null, source.key(), source.value(), headers));
    }

    /** Asked once. Where the cluster does not say, nothing is cut and the topic itself decides. */
    private int limit() {
        if (limit == 0) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic(group));
            try {
                limit = broker
                        .ask(admin -> admin.describeConfigs(List.of(resource)).all())
                        .values()
                        .stream()
                        .map(each -> each.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                        .mapToInt(each -> Integer.parseInt(each.value()))
                        .sum();
            } catch (KafkaException e) {
                if (!unknown) {
                    log.warn(
                            "how large a dead letter of {} may be is not known, none is cut: {}",
                            group,
                            e.getMessage());
                    unknown = true;
                }
                return Integer.MAX_VALUE;
            }
        }
        return limit;
    }

    /**
     * @param reason a code without personal data
     * @param className the class that stands for the failure
     */
    record Why(String reason, String className) {}
}
