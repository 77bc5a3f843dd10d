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
     * A record as a decoder sees it. A replayed record tells of its first place and time, so that whoever compares them sees
     * the record that it saw before.
     */
    final class Received {
        private static final byte[] NOTHING = new byte[0];

        private final ConsumerRecord<byte[], byte[]> record;
        private final @Nullable Origin first;

        private Received(ConsumerRecord<byte[], byte[]> record, @Nullable Origin first) {
            this.record = record;
            this.first = first;
        }

        /**
         * @param record as it was read
         * @param group who read it
         * @return what a decoder gets
         */
        public static Received of(ConsumerRecord<byte[], byte[]> record, ConsumerGroupId group) {
            return new Received(record, Origin.replayed(record, group) ? Origin.of(record, group) : null);
        }

        /** Its topic. */
        public String topic() {
            return first == null ? record.topic() : first.topic();
        }

        /** Its partition. */
        public int partition() {
            return first == null ? record.partition() : first.partition();
        }

        /** Its offset. */
        public long offset() {
            return first == null ? record.offset() : first.offset();
        }

        /** Its time stamp. */
        public Instant timestamp() {
            return Instant.ofEpochMilli(first == null ? record.timestamp() : first.timestamp());
        }

        /** Its key in UTF-8; {@code null}: it has none. */
        public @Nullable String key() {
            return record.key() == null ? null : new String(record.key(), UTF_8);
        }

        /** Its bytes, which are not to be changed; empty where the record had none. */
        public byte[] value() {
            return record.value() == null ? NOTHING : record.value();
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
