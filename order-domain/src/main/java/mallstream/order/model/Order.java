package mallstream.order.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.OfAnother;
import mallstream.order.model.Decision.Parked;

/**
 * An order: its lines carry the state.
 *
 * @param id the order
 * @param purchase the order as a whole
 * @param lines its lines by id; none while everything that was said about it is parked
 */
public record Order(OrderId id, Purchase purchase, Map<LineId, Line> lines) {
    /** Copies the lines. */
    public Order {
        lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    }

    /**
     * What the report does to this order; the rules are those of {@code Transitions}.
     *
     * @param report what a channel says
     * @param past what was heard before, for a change that comes late
     * @return the decision
     */
    public Decision decide(Report report, Past past) {
        return switch (report) {
            case Change change -> Transitions.decide(lines.get(change.lineId()), change, past);
            case Unreadable unreadable -> new Parked(unreadable.reason());
        };
    }

    /** This order after a decision that it took itself. */
    public Order after(Decision decision) {
        return switch (decision) {
            case Applied applied -> with(applied.line());
            case Ignored ignored -> with(ignored.line());
            case OfAnother other -> this;
            case Parked parked -> this;
        };
    }

    /** This order with what its channel says now of the whole; what it leaves open stays. */
    public Order heard(Purchase now) {
        return new Order(id, now.after(purchase), lines);
    }

    /**
     * Whether a report says something newer than what is known of its line, or something of a line not known yet. What names
     * no line is news unless a line is newer.
     */
    public boolean isNews(Report report) {
        Instant changedAt = report.changedAt();
        return changedAt != null
                && lines.values().stream()
                        .filter(line -> report.lineId() == null || line.id().equals(report.lineId()))
                        .noneMatch(line -> changedAt.isBefore(line.version()));
    }

    /**
     * The status of the lowest live line; with no live line the first present of returned, exchanged, canceled and
     * aborted; nothing without lines.
     */
    public Optional<LineStatus> status() {
        Set<LineStatus> present = lines.values().stream().map(Line::status).collect(Collectors.toSet());
        return LineStatus.all().stream().filter(present::contains).findFirst();
    }

    private Order with(Line line) {
        if (line.equals(lines.get(line.id()))) {
            return this;
        }
        Map<LineId, Line> changed = new LinkedHashMap<>(lines);
        changed.put(line.id(), line);
        return new Order(id, purchase, changed);
    }
}
