package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

/**
 * Where a record first came from. A replayed record tells of its first place and time, so that a handler which compares
 * positions or times sees the record that it saw before.
 *
 * @param record the record as it was received
 * @param topic its first topic
 * @param partition its first partition
 * @param offset its first offset
 * @param timestamp its first time stamp, in milliseconds
 */
record Origin(ConsumerRecord<byte[], byte[]> record, String topic, int partition, long offset, long timestamp) {
    static Origin of(ConsumerRecord<byte[], byte[]> record) {
        byte[] topic = value(record, KafkaHeaders.DLT_ORIGINAL_TOPIC, -1);
        byte[] partition = value(record, KafkaHeaders.DLT_ORIGINAL_PARTITION, Integer.BYTES);
        byte[] offset = value(record, KafkaHeaders.DLT_ORIGINAL_OFFSET, Long.BYTES);
        byte[] timestamp = value(record, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP, Long.BYTES);
        // Only our own replay topics are believed; whoever writes to a source topic may have copied such headers.
        if (!record.topic().endsWith(".replay")
                || topic == null
                || partition == null
                || offset == null
                || timestamp == null) {
            return new Origin(record, record.topic(), record.partition(), record.offset(), record.timestamp());
        }
        return new Origin(
                record,
                new String(topic, UTF_8),
                ByteBuffer.wrap(partition).getInt(),
                ByteBuffer.wrap(offset).getLong(),
                ByteBuffer.wrap(timestamp).getLong());
    }

    /** What a decoder is given. */
    Decoder.Received received() {
        return new Decoder.Received(
                topic,
                partition,
                offset,
                Instant.ofEpochMilli(timestamp),
                record.key() == null ? null : new String(record.key(), UTF_8),
                record.value() == null ? new byte[0] : record.value());
    }

    private static byte @Nullable [] value(ConsumerRecord<?, ?> record, String name, int length) {
        Header header = record.headers().lastHeader(name);
        byte[] value = header == null ? null : header.value();
        return value == null || length >= 0 && value.length != length ? null : value;
    }
}
