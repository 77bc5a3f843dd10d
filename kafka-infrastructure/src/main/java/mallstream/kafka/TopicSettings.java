package mallstream.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How topics are created, {@code mallstream.topics.*}. A topic that exists is never changed.
 *
 * @param partitions 1 to 1,000, default 8
 * @param replication copies of each partition, 1 to 10; {@code null} leaves it to the broker's own default
 * @param minInsyncReplicas copies that must have a record before it is confirmed, 1 to 10; {@code null} leaves it to the
 *     broker's own default
 * @param retention how long events are kept, 1 minute to 3,650 days, default 7 days
 * @param deadLetterRetention how long dead letters are kept, 1 minute to 3,650 days, default 30 days
 */
public record TopicSettings(
        int partitions,
        @Nullable Integer replication,
        @Nullable Integer minInsyncReplicas,
        Duration retention,
        Duration deadLetterRetention) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    /**
     * @param settings what stands under {@code mallstream.topics}
     * @return the settings, defaults filled in
     * @throws StartRefused if a value is out of range, a key is unknown, or more copies must confirm than there are
     */
    public static TopicSettings read(SettingsReader settings) {
        TopicSettings read = new TopicSettings(
                settings.number("partitions", 8, 1, 1000),
                settings.numberOrNull("replication", 1, 10),
                settings.numberOrNull("min-insync-replicas", 1, 10),
                settings.duration("retention", Duration.ofDays(7), SHORTEST, LONGEST),
                settings.duration("dead-letter-retention", Duration.ofDays(30), SHORTEST, LONGEST));
        settings.refuseUnknown("known: partitions, replication, min-insync-replicas, retention, dead-letter-retention");
        if (read.replication != null && read.minInsyncReplicas != null && read.minInsyncReplicas > read.replication) {
            throw new StartRefused("mallstream.topics.min-insync-replicas=" + read.minInsyncReplicas
                    + " must not exceed mallstream.topics.replication=" + read.replication);
        }
        return read;
    }
}
