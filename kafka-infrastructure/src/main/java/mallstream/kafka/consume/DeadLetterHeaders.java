package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

/** The headers of dead letters and their replays. Whoever writes into a topic by hand may leave them out or break them. */
final class DeadLetterHeaders {
    /** Calls that the record failed. */
    static final String ATTEMPTS = "mallstream-attempts";
    /** How often it was replayed; absent: never. */
    static final String REPLAYS = "mallstream-replays";
    /** How many headers of the source were left out because they did not fit; absent: none. */
    static final String DROPPED = "mallstream-headers-dropped";

    /** Those that a dead letter can't do without. */
    private static final Set<String> OURS = Set.of(
            ATTEMPTS,
            REPLAYS,
            DROPPED,
            KafkaHeaders.DLT_ORIGINAL_TOPIC,
            KafkaHeaders.DLT_ORIGINAL_PARTITION,
            KafkaHeaders.DLT_ORIGINAL_OFFSET,
            KafkaHeaders.DLT_ORIGINAL_TIMESTAMP,
            KafkaHeaders.DLT_ORIGINAL_TIMESTAMP_TYPE,
            KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP,
            KafkaHeaders.DLT_EXCEPTION_FQCN,
            KafkaHeaders.DLT_EXCEPTION_MESSAGE);

    private DeadLetterHeaders() {}

    static boolean ours(String name) {
        return OURS.contains(name);
    }

    static void put(Headers headers, String name, byte[] value) {
        headers.remove(name);
        headers.add(name, value);
    }

    static void put(Headers headers, String name, String value) {
        put(headers, name, value.getBytes(UTF_8));
    }

    /** As spring-kafka writes a partition. */
    static void putBinary(Headers headers, String name, int value) {
        put(headers, name, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /** As spring-kafka writes an offset or a time. */
    static void putBinary(Headers headers, String name, long value) {
        put(headers, name, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** The text of a header; empty where it is absent. */
    static String text(Headers headers, String name) {
        byte[] value = value(headers, name);
        return value == null ? "" : new String(value, UTF_8);
    }

    /** The number that a header spells out; 0 where it is absent or none. */
    static int count(Headers headers, String name) {
        try {
            return Integer.parseInt(text(headers, name));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The number that a header has in binary; {@code null} where it is absent or none. */
    static @Nullable Long binary(Headers headers, String name) {
        byte[] value = value(headers, name);
        if (value != null && value.length == Integer.BYTES) {
            return (long) ByteBuffer.wrap(value).getInt();
        }
        return value != null && value.length == Long.BYTES
                ? ByteBuffer.wrap(value).getLong()
                : null;
    }

    private static byte @Nullable [] value(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }
}
