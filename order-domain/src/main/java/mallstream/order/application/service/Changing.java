package mallstream.order.application.service;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
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

/** Orders that are locked, and what becomes of them within one transaction. */
final class Changing {
    private static final WhichParked CLAIMS = new WhichParked(null, null, "claim-before-status");

    private final Orders.Locked locked;
    private final Instant now;
    private final Map<OrderId, Order> current;
    private final List<HistoryEntry> history = new ArrayList<>();
    private final List<HistoryEntry> released = new ArrayList<>();
    private final Map<OrderId, List<Change>> heard = new LinkedHashMap<>();

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

    /** Takes up what was parked and is understood now. */
    HistoryEntry release(HistoryEntry parked, Change change) {
        HistoryEntry entry = parked.released(change, decide(parked.order(), change), now);
        released.add(entry);
        return entry;
    }

    /** Stores everything. */
    void save() {
        if (!history.isEmpty() || !released.isEmpty()) {
            locked.save(current.values(), history, released);
        }
    }

    private Decision decide(OrderId id, Report report) {
        Order before = order(id);
        Decision decision = before.decide(report, line -> past(id, line));
        current.put(id, before.after(decision));
        if (decision instanceof Decision.Applied begun && begun.from() == null) {
            releaseClaims(id, begun.line());
        }
        if (report instanceof Change change) {
            heard.computeIfAbsent(id, key -> new ArrayList<>()).add(change);
        }
        return decision;
    }

    /** Claims that came before their line have their part in how it begins: they wait no longer. */
    private void releaseClaims(OrderId id, Line line) {
        Decision applied = new Decision.Applied(line.status(), line);
        history.replaceAll(entry ->
                isClaimUpon(id, line, entry) ? entry.released(entry.change().orElseThrow(), applied, now) : entry);
        if (past(id, line.id()).filter(List::isEmpty).isEmpty()) {
            locked.parked(CLAIMS).stream()
                    .map(ParkedChange::entry)
                    .filter(entry -> isClaimUpon(id, line, entry))
                    .forEach(entry -> released.add(entry.released(entry.change().orElseThrow(), applied, now)));
        }
    }

    private static boolean isClaimUpon(OrderId id, Line line, HistoryEntry entry) {
        return entry.kind() == HistoryEntry.Kind.PARKED
                && entry.order().equals(id)
                && line.id().equals(entry.lineId())
                && entry.change().isPresent();
    }

    private Optional<List<Change>> past(OrderId id, LineId line) {
        return locked.heard(id, line).map(stored -> {
            List<Change> all = new ArrayList<>(stored);
            heard.getOrDefault(id, List.of()).stream()
                    .filter(change -> change.lineId().equals(line))
                    .forEach(all::add);
            return all;
        });
    }

    private Order order(OrderId id) {
        return requireNonNull(current.get(id));
    }
}
