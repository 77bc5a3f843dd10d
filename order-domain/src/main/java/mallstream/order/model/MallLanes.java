package mallstream.order.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A mall's lanes as they were chosen.
 *
 * @param mallId the mall
 * @param lanes what is applied in order
 * @param by the name of the operator's key; {@code null}: the settings say so
 * @param at when; {@code null} with the settings
 */
public record MallLanes(
        MallId mallId,
        Lanes lanes,
        @Nullable String by,
        @Nullable Instant at) {}
