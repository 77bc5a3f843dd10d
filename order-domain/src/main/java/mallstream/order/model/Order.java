package mallstream.order.model;

import static mallstream.order.model.LineStatus.ABORTED;
import static mallstream.order.model.LineStatus.CANCELED;
import static mallstream.order.model.LineStatus.EXCHANGED;
import static mallstream.order.model.LineStatus.RETURNED;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.Parked;

/**
 * An order: its lines carry the state.
 *
 * @param id the order
 * @param lines its lines by id; none while everything that was said about it is parked
 */
public record Order(OrderId id, Map<LineId, Line> lines) {
    private static final List<LineStatus> ENDS = List.of(RETURNED, EXCHANGED, CANCELED, ABORTED);

    /** Copies the lines. */
    public Order {
        lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    }

    /** What the report does to this order; the rules are those of {@code Transitions}. */
    public Decision decide(Report report) {
        return switch (report) {
            case Change change -> Transitions.decide(lines.get(change.lineId()), change);
            case Unreadable unreadable -> new Parked(unreadable.reason());
        };
    }

    /** This order after a decision that it took itself. */
    public Order after(Decision decision) {
        return switch (decision) {
            case Applied applied -> with(applied.line());
            case Ignored ignored -> with(ignored.line());
            case Parked parked -> this;
        };
    }

    /**
     * The status of the lowest live line; with no live line the first present of returned, exchanged, canceled and
     * aborted; nothing without lines.
     */
    public Optional<LineStatus> status() {
        Set<LineStatus> present = lines.values().stream().map(Line::status).collect(Collectors.toSet());
        return present.stream()
                .filter(status -> !status.isEnd())
                .min(Comparator.comparingInt(LineStatus::rank))
                .or(() -> ENDS.stream().filter(present::contains).findFirst());
    }

    private Order with(Line line) {
        if (line.equals(lines.get(line.id()))) {
            return this;
        }
        Map<LineId, Line> changed = new LinkedHashMap<>(lines);
        changed.put(line.id(), line);
        return new Order(id, changed);
    }
}
