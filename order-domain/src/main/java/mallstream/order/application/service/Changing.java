package mallstream.order.application.service;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mallstream.order.application.port.out.Orders;
import mallstream.order.model.Change;
import mallstream.order.model.Decision;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Position;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.WhichParked;
import org.jspecify.annotations.Nullable;

/** Orders that are locked, and what becomes of them within one transaction. */
final class Changing {
    private static final WhichParked CLAIMS = new WhichParked(null, null, "claim-before-status");

    private final Orders.Locked locked;
    private final Instant now;
    private final Map<OrderId, Order> current;
    private final List<HistoryEntry> history = new ArrayList<>();
    private final Map<Place, HistoryEntry> released = new LinkedHashMap<>();
    private final Map<LineOfOrder, Optional<List<Change>>> stored = new HashMap<>();
    private final Map<LineOfOrder, List<Change>> heard = new HashMap<>();
    private @Nullable List<HistoryEntry> waiting;

    Changing(Orders.Locked locked, Instant now) {
        this.locked = locked;
        this.now = now;
        this.current = new LinkedHashMap<>(locked.orders());
    }

    /** Applies what a record says of an order. */
    void apply(OrderId id, Position source, Purchase purchase, List<Report> reports) {
        boolean news = false;
        for (int part = 0; part < reports.size(); part++) {
            Report report = reports.get(part);
            news |= order(id).isNews(report);
            history.add(HistoryEntry.of(id, source, part, report, decide(id, report), now));
            remember(id, report);
        }
        if (news) {
            current.put(id, order(id).heard(purchase));
        }
    }

    /** Keeps what a record says of an order that belongs to another channel. */
    void keep(OrderId id, Position source, List<Report> reports) {
        for (int part = 0; part < reports.size(); part++) {
            history.add(HistoryEntry.of(id, source, part, reports.get(part), new Decision.OfAnother(), now));
        }
    }

    /** Takes up what was parked and is understood now, unless it was taken up with its line already. */
    void release(HistoryEntry parked, Change change) {
        if (released.containsKey(Place.of(parked))) {
            return;
        }
        Decision decision = decide(parked.order(), change);
        if (!(decision instanceof Decision.Parked)) {
            released.put(Place.of(parked), parked.released(change, decision, now));
        }
        if (parked.change().isEmpty()) {
            remember(parked.order(), change);
        }
    }

    /** What was parked as it is now. */
    HistoryEntry now(HistoryEntry parked) {
        return released.getOrDefault(Place.of(parked), parked);
    }

    /** Stores everything. */
    void save() {
        if (!history.isEmpty() || !released.isEmpty()) {
            locked.save(current.values(), history, List.copyOf(released.values()));
        }
    }

    private Decision decide(OrderId id, Report report) {
        Order before = order(id);
        Decision decision = before.decide(report, line -> past(new LineOfOrder(id, line)));
        current.put(id, before.after(decision));
        if (report instanceof Change change && decision instanceof Decision.Applied begun && begun.from() == null) {
            releaseClaims(id, begun.line(), change);
        }
        return decision;
    }

    private void remember(OrderId id, Report report) {
        if (report instanceof Change change) {
            heard.computeIfAbsent(new LineOfOrder(id, change.lineId()), key -> new ArrayList<>())
                    .add(change);
        }
    }

    /** Claims that came before their line have had their part in how it begins, or were overtaken: they wait no longer. */
    private void releaseClaims(OrderId id, Line line, Change begins) {
        LineOfOrder key = new LineOfOrder(id, line.id());
        if (heard.containsKey(key)) {
            history.replaceAll(entry -> isClaimUpon(key, entry) ? upon(line, begins, entry) : entry);
        }
        if (!stored(key).equals(Optional.of(List.of()))) {
            waiting().stream()
                    .filter(entry -> isClaimUpon(key, entry))
                    .forEach(entry -> released.put(Place.of(entry), upon(line, begins, entry)));
        }
    }

    private HistoryEntry upon(Line line, Change begins, HistoryEntry entry) {
        Change claim = entry.change().orElseThrow();
        return entry.released(
                claim,
                claim.changedAt().isAfter(begins.changedAt())
                        ? new Decision.Applied(line.status(), line)
                        : new Decision.Ignored(Decision.Why.STALE, null, line),
                now);
    }

    private static boolean isClaimUpon(LineOfOrder line, HistoryEntry entry) {
        return entry.kind() == HistoryEntry.Kind.PARKED
                && entry.order().equals(line.order())
                && line.line().equals(entry.lineId())
                && entry.change().isPresent();
    }

    private Optional<List<Change>> past(LineOfOrder line) {
        return stored(line).map(before -> {
            List<Change> all = new ArrayList<>(before);
            all.addAll(heard.getOrDefault(line, List.of()));
            return all;
        });
    }

    private Optional<List<Change>> stored(LineOfOrder line) {
        return stored.computeIfAbsent(line, key -> locked.heard(key.order(), key.line()));
    }

    private List<HistoryEntry> waiting() {
        if (waiting == null) {
            waiting = locked.parked(CLAIMS, 0, Long.MAX_VALUE).stream()
                    .map(ParkedChange::entry)
                    .toList();
        }
        return waiting;
    }

    private Order order(OrderId id) {
        return requireNonNull(current.get(id));
    }

    private record LineOfOrder(OrderId order, LineId line) {}

    private record Place(OrderId order, Position source, int part) {
        static Place of(HistoryEntry entry) {
            return new Place(entry.order(), entry.source(), entry.part());
        }
    }
}
