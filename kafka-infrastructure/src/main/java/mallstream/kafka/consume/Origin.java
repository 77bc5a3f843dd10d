package mallstream.kafka.consume;

import mallstream.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

/**
 * Where a record was first, and when. A replayed record has a place of its own in the replay topic; decoders and dead
 * letters want to know this one.
 *
 * @param topic the topic that the group reads
 * @param partition its partition there
 * @param offset its offset there
 * @param timestamp its time stamp there, in milliseconds since 1970
 * @param timestampType what the time stamp says, in Kafka's words
 */
record Origin(String topic, int partition, long offset, long timestamp, String timestampType) {

    /**
     * @param record as it was read
     * @param group who read it
     * @return its own place, or that which its headers name where it is a replay for the group
     */
    static Origin of(ConsumerRecord<?, ?> record, ConsumerGroupId group) {
        Origin named = replayed(record, group) ? in(record.headers()) : null;
        return named != null
                ? named
                : new Origin(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.timestampType().name);
    }

    /** Whether a record is a replay for the group. What other topics bring says nothing about replays of this group. */
    static boolean replayed(ConsumerRecord<?, ?> record, ConsumerGroupId group) {
        // The first question spares the name of the replay topic, which would be made for each record.
        return Topics.isReplay(record.topic()) && record.topic().equals(Topics.replay(group.value()));
    }

    /** What headers name; {@code null} where they lack some of it. */
    static @Nullable Origin in(Headers headers) {
        String topic = DeadLetterHeaders.text(headers, KafkaHeaders.DLT_ORIGINAL_TOPIC);
        Long partition = DeadLetterHeaders.binary(headers, KafkaHeaders.DLT_ORIGINAL_PARTITION);
        Long offset = DeadLetterHeaders.binary(headers, KafkaHeaders.DLT_ORIGINAL_OFFSET);
        Long timestamp = DeadLetterHeaders.binary(headers, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP);
        if (topic.isEmpty() || partition == null || partition < 0 || offset == null || timestamp == null) {
            return null;
        }
        String type = DeadLetterHeaders.text(headers, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP_TYPE);
        return new Origin(
                topic, partition.intValue(), offset, timestamp, type.isEmpty() ? TimestampType.CREATE_TIME.name : type);
    }

    /** Writes it into the headers of a dead letter. */
    void put(Headers headers) {
        DeadLetterHeaders.put(headers, KafkaHeaders.DLT_ORIGINAL_TOPIC, topic);
        DeadLetterHeaders.putBinary(headers, KafkaHeaders.DLT_ORIGINAL_PARTITION, partition);
        DeadLetterHeaders.putBinary(headers, KafkaHeaders.DLT_ORIGINAL_OFFSET, offset);
        DeadLetterHeaders.putBinary(headers, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP, timestamp);
        DeadLetterHeaders.put(headers, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP_TYPE, timestampType);
    }
}
