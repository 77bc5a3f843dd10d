package mallstream.order.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of an order as it stands.
 *
 * @param id the line
 * @param status its fulfilment
 * @param claim the claim upon it, {@code null} for none
 * @param returnClaimed whether a return was claimed that is not withdrawn; a refund that follows ends the line
 * @param goods what it is of
 * @param version the newest time at which its source is known to have changed it
 */
public record Line(
        LineId id, LineStatus status, @Nullable Claim claim, boolean returnClaimed, Goods goods, Instant version) {
    /** This line with other goods. */
    Line of(Goods others) {
        return new Line(id, status, claim, returnClaimed, others, version);
    }

    /** Whether both axes are where the other line's are. */
    boolean standsAs(Line other) {
        return status == other.status && Objects.equals(claim, other.claim) && returnClaimed == other.returnClaimed;
    }
}
