package mallstream.kafka.consume.core;

/**
 * A partition of a topic, without Kafka's own type.
 *
 * @param topic the topic
 * @param partition its number
 */
public record Source(String topic, int partition) {
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
