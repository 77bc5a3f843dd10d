package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import mallstream.kafka.Broker;
import mallstream.kafka.TestKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Makes dead letters of a group. */
final class Dead {
    /** When the records were written that died. */
    static final long WRITTEN = 1_700_000_000_000L;

    private final ConsumerGroupId group;
    private final DeadLetters deadLetters;

    Dead(String group) {
        this.group = new ConsumerGroupId(group);
        this.deadLetters = new DeadLetters(TestKafka.BROKER, this.group);
    }

    /** A record as the group would have read it. */
    static ConsumerRecord<byte[], byte[]> record(
            String topic, int partition, long offset, @Nullable String key, byte[] value, Header... headers) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                WRITTEN,
                TimestampType.CREATE_TIME,
                0,
                0,
                key == null ? null : key.getBytes(UTF_8),
                value,
                new RecordHeaders(headers),
                Optional.empty());
    }

    void letter(ConsumerRecord<byte[], byte[]> source, String reason) {
        Broker.confirm(deadLetters.send(source, new DeadLetters.Why(reason, "some.Failure"), 3));
    }
}
