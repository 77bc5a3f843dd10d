package mallstream.order.model;

import java.util.regex.Pattern;
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
        @Nullable String reason) {
    private static final Pattern REASON = Pattern.compile("[a-z-]{1,64}");

    /** @throws InvalidValue if the reason is none that could be one */
    public WhichParked {
        if (reason != null && !REASON.matcher(reason).matches()) {
            throw new InvalidValue("reason", "must match " + REASON);
        }
    }
}
