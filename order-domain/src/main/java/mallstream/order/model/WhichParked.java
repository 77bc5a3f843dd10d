package mallstream.order.model;

import org.jspecify.annotations.Nullable;

/**
 * Which parked changes are meant; {@code null} is any.
 *
 * @param mallId of this mall
 * @param channel of this channel
 * @param reason for this reason, for instance {@code unknown-code}
 */
public record WhichParked(
        @Nullable MallId mallId,
        @Nullable Channel channel,
        @Nullable String reason) {}
