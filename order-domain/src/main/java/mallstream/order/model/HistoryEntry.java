package mallstream.order.model;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.OfAnother;
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
 * @param says the change as it was understood, or {@code null} where it was not
 * @param raw what is kept of the vendor's words
 * @param sourceTime when the source changed it, or {@code null} where it does not say
 * @param receivedAt when the platform took it up
 * @param releasedAt when it was understood after all, if it was parked before; else {@code null}
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
        @Nullable Effect says,
        String raw,
        @Nullable Instant sourceTime,
        Instant receivedAt,
        @Nullable Instant releasedAt) {

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
        Effect effect = report instanceof Change change ? change.effect() : null;
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
                        effect,
                        report.raw(),
                        report.changedAt(),
                        receivedAt,
                        null);
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
                        effect,
                        report.raw(),
                        report.changedAt(),
                        receivedAt,
                        null);
            case OfAnother other ->
                new HistoryEntry(
                        order,
                        source,
                        part,
                        Kind.IGNORED,
                        "of-another-channel",
                        report.lineId(),
                        null,
                        effect instanceof Effect.Stands stands ? stands.status() : null,
                        null,
                        report.raw(),
                        report.changedAt(),
                        receivedAt,
                        null);
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
                        effect,
                        report.raw(),
                        report.changedAt(),
                        receivedAt,
                        null);
        };
    }

    /** The change that it tells of; empty where it was not understood, or belongs to another channel. */
    public Optional<Change> change() {
        return says == null || lineId == null || sourceTime == null
                ? Optional.empty()
                : Optional.of(new Change(lineId, says, sourceTime, Goods.UNKNOWN, raw));
    }

    /**
     * This entry after it was parked and is understood now. It keeps its place and what is kept of the vendor's words.
     *
     * @param change what it says
     * @param decision what that does
     * @param now the time
     * @return the entry
     */
    public HistoryEntry released(Change change, Decision decision, Instant now) {
        HistoryEntry entry = of(order, source, part, change, decision, receivedAt);
        return new HistoryEntry(
                order,
                source,
                part,
                entry.kind,
                entry.reason,
                entry.lineId,
                entry.from,
                entry.to,
                entry.says,
                raw,
                entry.sourceTime,
                receivedAt,
                entry.kind == Kind.PARKED ? null : now);
    }
}
