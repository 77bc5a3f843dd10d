package mallstream.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How topics are created, {@code mallstream.topics.*}. A topic that exists is never changed.
 *
 * @param partitions 1 to 1,000; 0, as where nothing is set, means 8
 * @param replication copies of each partition, 1 to 10; {@code null} leaves it to the broker's own default
 * @param minInsyncReplicas copies that must have a record before it is confirmed, 1 to 10 and no more than there are;
 *     {@code null} leaves it to the broker's own default
 * @param retention how long events are kept, 1 minute to 3,650 days; {@code null} means 7 days
 * @param deadLetterRetention how long dead letters are kept, 1 minute to 3,650 days; {@code null} means 30 days
 */
public record TopicSettings(
        int partitions,
        @Nullable Integer replication,
        @Nullable Integer minInsyncReplicas,
        Duration retention,
        Duration deadLetterRetention) {

    /** @throws IllegalArgumentException if a value is out of range; the message starts with the component's name */
    @SuppressWarnings({"ConstantValue", "NullAway"}) // Whoever binds settings gives null where nothing is set.
    public TopicSettings {
        partitions = partitions == 0 ? 8 : partitions;
        retention = retention == null ? Duration.ofDays(7) : retention;
        deadLetterRetention = deadLetterRetention == null ? Duration.ofDays(30) : deadLetterRetention;
        check(partitions >= 1 && partitions <= 1000, "partitions: must be 1 to 1000");
        check(
                replication == null || replication >= 1 && replication <= 10,
                "replication: must be 1 to 10, or left out for the broker's default");
        check(
                minInsyncReplicas == null || minInsyncReplicas >= 1 && minInsyncReplicas <= 10,
                "minInsyncReplicas: must be 1 to 10, or left out for the broker's default");
        check(
                replication == null || minInsyncReplicas == null || minInsyncReplicas <= replication,
                "minInsyncReplicas: must not exceed mallstream.topics.replication");
        check(inRange(retention), "retention: must be 1m to 3650d");
        check(inRange(deadLetterRetention), "deadLetterRetention: must be 1m to 3650d");
    }

    private static boolean inRange(Duration retention) {
        return retention.compareTo(Duration.ofMinutes(1)) >= 0 && retention.compareTo(Duration.ofDays(3650)) <= 0;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
