package mallstream.order.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's line in the domain's words.
 *
 * @param lineId the line
 * @param effect what it says
 * @param changedAt when the source changed it, kept to the millisecond: no source is finer, and what is compared must
 *     survive being stored
 * @param goods what the line is of, as far as it was said
 * @param raw the vendor's code or codes
 */
public record Change(LineId lineId, Effect effect, Instant changedAt, Goods goods, String raw) implements Report {
    /** Cuts the time to the millisecond. */
    public Change {
        changedAt = changedAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** What a change says. */
    public sealed interface Effect {
        /**
         * Both axes as they stand.
         *
         * @param status the fulfilment
         * @param claim the claim; {@code null} says that none is open
         */
        record Stands(LineStatus status, @Nullable Claim claim) implements Effect {}

        /**
         * The claim axis only; the code says nothing about fulfilment.
         *
         * @param claim the claim
         */
        record Claims(Claim claim) implements Effect {}

        /** Money went back. That ends a line whose return was claimed; on any other line it is a claim that is done. */
        record Refunds() implements Effect {}
    }
}
