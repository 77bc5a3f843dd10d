package mallstream.benchmarks;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Something that consumes a topic: what is measured. */
public interface Candidate extends AutoCloseable {
    /** How often all of them commit, in milliseconds: as often as the engine does. */
    int COMMIT_MILLIS = 200;

    /**
     * Begins to consume the topic from its start, or where its group stands if that ran before.
     *
     * @param settings what to consume, and within which bounds
     */
    void start(Settings settings);

    /** Ends the running calls, commits and leaves the group. */
    @Override
    void close();

    /**
     * What to consume, and within which bounds.
     *
     * @param bootstrap where the broker is
     * @param topic an existing topic
     * @param name of the subscription, {@code [a-z][a-z0-9-]*}; the group is derived from it
     * @param group the group that is derived
     * @param maxInFlight records that may be given to handlers at the same time, 1 or more
     * @param maxHeld records that may be received and unfinished, at least as many as in flight, for those who have such a bound
     * @param options by name, for those who know them
     * @param job where the records go
     */
    record Settings(
            String bootstrap,
            String topic,
            String name,
            String group,
            int maxInFlight,
            int maxHeld,
            Map<String, String> options,
            Job job) {

        /** How a client of the group is made; nothing is committed by the client itself. */
        public Map<String, Object> consumer() {
            return new HashMap<>(Map.of(
                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrap,
                    ConsumerConfig.GROUP_ID_CONFIG,
                    group,
                    ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                    options.getOrDefault("group-protocol", "classic"),
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    "false",
                    ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                    ByteArrayDeserializer.class.getName(),
                    ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                    ByteArrayDeserializer.class.getName(),
                    ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                    Received.class.getName()));
        }
    }
}
