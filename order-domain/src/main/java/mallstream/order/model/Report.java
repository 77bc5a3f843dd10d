package mallstream.order.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a channel says about one line, as far as its reader understood it. */
public sealed interface Report permits Change, Unreadable {
    /** The line, or {@code null} where the channel names none that is one. */
    @Nullable
    LineId lineId();

    /** When the source changed it, or {@code null} where it does not say. */
    @Nullable
    Instant changedAt();

    /** What is kept of the vendor's words; never personal data. */
    String raw();
}
