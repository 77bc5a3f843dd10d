package mallstream.order.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of an order as it stands.
 *
 * @param id the line
 * @param status its fulfilment
 * @param claim the claim upon it, {@code null} for none
 * @param returnClaimed whether a return was claimed that is not withdrawn; a refund that follows ends the line
 * @param version when its source changed it last; older changes never touch it
 */
public record Line(LineId id, LineStatus status, @Nullable Claim claim, boolean returnClaimed, Instant version) {}
