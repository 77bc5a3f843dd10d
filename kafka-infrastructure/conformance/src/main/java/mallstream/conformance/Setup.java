package mallstream.conformance;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What a member is to consume, and how.
 *
 * @param bootstrap where the broker is
 * @param topic an existing topic; its name is {@code [a-z][a-z0-9-]*}
 * @param group as {@link Subject#group} gives it
 * @param member names the member among the others, {@code [a-z][a-z0-9-]*}
 * @param protocol how the group agrees
 * @param isolation Kafka's {@code isolation.level}
 * @param inFlight most records that are given to the handler at the same time
 * @param held most records that may be received and not finished
 * @param attempts calls that a record may fail before it is given up
 * @param tap watches the member's Kafka client, which must be passed through it
 * @param handler where the records go
 */
public record Setup(
        String bootstrap,
        String topic,
        String group,
        String member,
        Protocol protocol,
        String isolation,
        int inFlight,
        int held,
        int attempts,
        Tap tap,
        Subject.Handler handler) {
    /** Milliseconds between two heartbeats of the classic protocol; with the other one the broker sets them. */
    private static final int HEARTBEAT = 300;

    /** Milliseconds that a fetch waits at the end of a partition. */
    private static final int FETCH_WAIT = 100;

    /** Settings of a Kafka client that are not the subject's own affair. */
    public Map<String, Object> common() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT);
        if (protocol == Protocol.CLASSIC) {
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT);
        }
        return settings;
    }

    /** All settings that a plain Kafka client needs for keys and values in UTF-8; it commits nothing by itself. */
    public Map<String, Object> plain() {
        Map<String, Object> settings = common();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, member);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.word());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(held, 500));
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        return settings;
    }
}
