package mallstream.benchmarks.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import mallstream.kafka.Broker;
import mallstream.kafka.consume.ConsumerGroupId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.springframework.kafka.support.KafkaHeaders;

/**
 * The dead-letter topic of one group. The headers have spring-kafka's names, so that tools which know them can read
 * them; its recoverer is turned down because it writes messages and stack traces of exceptions, which may hold personal
 * data and can make a large record too large.
 */
final class DeadLetters {
    static final String ATTEMPTS = "mallstream-attempts";

    private final Broker broker;
    private final ConsumerGroupId group;

    DeadLetters(Broker broker, ConsumerGroupId group) {
        this.broker = broker;
        this.group = group;
    }

    static String topic(ConsumerGroupId group) {
        return group + ".dlt";
    }

    /**
     * @param source the record as it was read; key, value and headers are kept
     * @param why why it can't be handled
     * @param attempts calls that failed
     * @return completes when the dead letter is safe
     */
    CompletableFuture<RecordMetadata> send(ConsumerRecord<byte[], byte[]> source, Why why, int attempts) {
        RecordHeaders headers = new RecordHeaders(source.headers().toArray());
        put(headers, KafkaHeaders.DLT_ORIGINAL_TOPIC, source.topic().getBytes(UTF_8));
        put(headers, KafkaHeaders.DLT_ORIGINAL_PARTITION, bytes(source.partition()));
        put(headers, KafkaHeaders.DLT_ORIGINAL_OFFSET, bytes(source.offset()));
        put(headers, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP, bytes(source.timestamp()));
        put(
                headers,
                KafkaHeaders.DLT_ORIGINAL_TIMESTAMP_TYPE,
                source.timestampType().name.getBytes(UTF_8));
        put(headers, KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP, group.value().getBytes(UTF_8));
        put(headers, KafkaHeaders.DLT_EXCEPTION_FQCN, why.className().getBytes(UTF_8));
        put(headers, KafkaHeaders.DLT_EXCEPTION_MESSAGE, why.reason().getBytes(UTF_8));
        put(headers, ATTEMPTS, Integer.toString(attempts).getBytes(UTF_8));
        return broker.send(new ProducerRecord<>(topic(group), null, null, source.key(), source.value(), headers));
    }

    private static void put(RecordHeaders headers, String name, byte[] value) {
        headers.remove(name);
        headers.add(name, value);
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /**
     * @param reason a code without personal data
     * @param className the class that stands for the failure
     */
    record Why(String reason, String className) {}
}
