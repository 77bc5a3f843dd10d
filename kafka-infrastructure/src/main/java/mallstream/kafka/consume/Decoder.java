package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record's bytes into an event.
 *
 * @param <E> the event's type
 */
@FunctionalInterface
public interface Decoder<E> {
    /**
     * @param received one record
     * @return the event
     * @throws Malformed if the bytes are no such event; the record goes to the dead-letter topic at once
     */
    E decode(Received received) throws Malformed;

    /**
     * A record as a decoder sees it.
     *
     * @param topic its topic
     * @param partition its partition
     * @param offset its offset
     * @param timestamp its time stamp
     * @param key its key in UTF-8, or {@code null}
     * @param value its bytes; empty where the record had none
     */
    record Received(
            String topic,
            int partition,
            long offset,
            Instant timestamp,
            @Nullable String key,
            byte[] value) {
        /**
         * A replayed record tells of its first place and time, so that whoever compares them sees the record that it saw
         * before.
         */
        static Received of(ConsumerRecord<byte[], byte[]> record, ConsumerGroupId group) {
            Origin origin = Origin.of(record, group);
            return new Received(
                    origin.topic(),
                    origin.partition(),
                    origin.offset(),
                    Instant.ofEpochMilli(origin.timestamp()),
                    record.key() == null ? null : new String(record.key(), UTF_8),
                    record.value() == null ? new byte[0] : record.value());
        }
    }

    /** The bytes are no such event. */
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param reason a code without content of the record, such as {@code malformed-json} */
        public Malformed(String reason) {
            super(reason);
        }
    }
}
