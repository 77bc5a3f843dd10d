package mallstream.order.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A part of an order that its reader could not turn into a change.
 *
 * @param lineId the line, or {@code null} where none is named
 * @param changedAt when the source changed it, or {@code null} where it does not say
 * @param reason a code of lower-case words joined by {@code -}, for instance {@code unknown-code}
 * @param raw the fields of the allow-list as they came, of others name and type only
 */
public record Unreadable(@Nullable LineId lineId, @Nullable Instant changedAt, String reason, String raw)
        implements Report {}
