package mallstream.kafka;

import org.springframework.util.unit.DataSize;

/**
 * How much memory all subscriptions of this JVM share, {@code mallstream.budget.*}.
 *
 * @param bytes records that are held and what the Kafka clients buffer for them, 8 MB to 1 TB and no more than the
 *     largest heap; {@code null} means a quarter of that heap, at least 8 MB. At the bound partitions pause; nothing is
 *     dropped
 */
public record BudgetSettings(DataSize bytes) {
    private static final DataSize LEAST = DataSize.ofMegabytes(8);
    private static final DataSize MOST = DataSize.ofTerabytes(1);

    /** @throws IllegalArgumentException if the value is out of range; the message starts with the component's name */
    @SuppressWarnings({"ConstantValue", "NullAway"}) // Whoever binds settings gives null where nothing is set.
    public BudgetSettings {
        DataSize heap = DataSize.ofBytes(Runtime.getRuntime().maxMemory());
        bytes = bytes == null ? defaultFor(heap) : bytes;
        if (bytes.compareTo(LEAST) < 0 || bytes.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("bytes: must be 8MB to 1TB");
        }
        if (bytes.compareTo(heap) > 0) {
            throw new IllegalArgumentException(
                    "bytes: must not exceed the largest heap, " + heap.toMegabytes() + "MB; -Xmx sets it");
        }
    }

    /**
     * A quarter: what is held once more while it is decoded and handled, the producer's buffer and the rest of the
     * platform share the other three.
     */
    static DataSize defaultFor(DataSize heap) {
        DataSize quarter = DataSize.ofBytes(heap.toBytes() / 4);
        return quarter.compareTo(LEAST) < 0 ? LEAST : quarter.compareTo(MOST) > 0 ? MOST : quarter;
    }
}
