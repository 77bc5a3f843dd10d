package mallstream.order.model;

import java.time.Instant;
import java.util.Locale;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.Parked;
import org.jspecify.annotations.Nullable;

/**
 * What a report did, kept with the order for good.
 *
 * @param order the order
 * @param source the record that it came with
 * @param part which report of that record, from 0
 * @param kind what became of it
 * @param reason why it was ignored or parked, lower case; {@code null} if it was applied
 * @param lineId the line, or {@code null} where none was named
 * @param from the line's status before, or {@code null}
 * @param to the status that was asked for, or {@code null}; if it was applied, the status since
 * @param raw what is kept of the vendor's words
 * @param sourceTime when the source changed it, or {@code null} where it does not say
 * @param receivedAt when the platform applied it
 */
public record HistoryEntry(
        OrderId order,
        Position source,
        int part,
        Kind kind,
        @Nullable String reason,
        @Nullable LineId lineId,
        @Nullable LineStatus from,
        @Nullable LineStatus to,
        String raw,
        @Nullable Instant sourceTime,
        Instant receivedAt) {

    /** What can become of a report. */
    public enum Kind {
        APPLIED,
        IGNORED,
        PARKED
    }

    /**
     * The entry for a decision.
     *
     * @param order the order
     * @param source the record
     * @param part which report of that record, from 0
     * @param report what it said
     * @param decision what it did
     * @param receivedAt now
     * @return the entry
     */
    public static HistoryEntry of(
            OrderId order, Position source, int part, Report report, Decision decision, Instant receivedAt) {
        return switch (decision) {
            case Applied applied ->
                new HistoryEntry(
                        order,
                        source,
                        part,
                        Kind.APPLIED,
                        null,
                        applied.line().id(),
                        applied.from(),
                        applied.line().status(),
                        report.raw(),
                        report.changedAt(),
                        receivedAt);
            case Ignored ignored ->
                new HistoryEntry(
                        order,
                        source,
                        part,
                        Kind.IGNORED,
                        ignored.why().name().toLowerCase(Locale.ROOT),
                        ignored.line().id(),
                        ignored.line().status(),
                        ignored.asked(),
                        report.raw(),
                        report.changedAt(),
                        receivedAt);
            case Parked parked ->
                new HistoryEntry(
                        order,
                        source,
                        part,
                        Kind.PARKED,
                        parked.reason(),
                        report.lineId(),
                        null,
                        null,
                        report.raw(),
                        report.changedAt(),
                        receivedAt);
        };
    }
}
