package mallstream.order.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The order as a whole, as far as its channel says.
 *
 * @param orderedAt when it was placed, kept to the millisecond
 * @param total what it costs in all, as last heard
 */
public record Purchase(
        @Nullable Instant orderedAt, @Nullable Won total) {
    /** Nothing is known. */
    public static final Purchase UNKNOWN = new Purchase(null, null);

    /** Cuts the time to the millisecond. */
    public Purchase {
        orderedAt = orderedAt == null ? null : orderedAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** This, and what it leaves open as it was said before. */
    Purchase after(Purchase before) {
        return new Purchase(orderedAt == null ? before.orderedAt : orderedAt, total == null ? before.total : total);
    }
}
