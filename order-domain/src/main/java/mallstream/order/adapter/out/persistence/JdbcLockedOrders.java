package mallstream.order.adapter.out.persistence;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mallstream.order.application.port.out.Orders;
import mallstream.order.model.Change;
import mallstream.order.model.Claim;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Position;
import mallstream.order.model.WhichParked;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Orders that a transaction holds, with the keys of their rows, so that nothing has to be looked up again. */
final class JdbcLockedOrders implements Orders.Locked {
    private final JdbcClient jdbc;
    private final Map<OrderId, Order> orders;
    private final Map<OrderId, Long> keys;
    private final Set<OrderId> begun;

    /**
     * @param orders as they are
     * @param keys of their rows
     * @param begun those that this transaction made
     */
    JdbcLockedOrders(JdbcClient jdbc, Map<OrderId, Order> orders, Map<OrderId, Long> keys, Set<OrderId> begun) {
        this.jdbc = jdbc;
        this.orders = orders;
        this.keys = keys;
        this.begun = begun;
    }

    @Override
    public Map<OrderId, Order> orders() {
        return orders;
    }

    @Override
    public boolean begun(OrderId orderId) {
        return begun.contains(orderId);
    }

    @Override
    public Optional<List<Change>> heard(OrderId orderId, LineId lineId) {
        if (begun.contains(orderId)) {
            return Optional.of(List.of());
        }
        List<HistoryEntry> entries = jdbc.sql("""
                select * from orders.history
                where order_id = :key and line_id = :line and kind in ('APPLIED', 'IGNORED', 'PARKED')
                  and reason is distinct from 'of-another-channel'
                  and (says is not null or kind <> 'PARKED')
                order by id""")
                .param("key", key(orderId))
                .param("line", lineId.value())
                .query((row, n) -> Rows.historyEntry(orderId, row))
                .list();
        List<Change> changes = new ArrayList<>(entries.size());
        for (HistoryEntry entry : entries) {
            Optional<Change> change = entry.change();
            if (change.isEmpty()) {
                return Optional.empty();
            }
            changes.add(change.get());
        }
        return Optional.of(changes);
    }

    @Override
    public List<ParkedChange> parked(WhichParked which, long first, long last) {
        return JdbcOrders.parked(jdbc, which, "h.order_id = any(:keys) and h.id between :first and :last", "")
                .param("keys", keys.values().toArray(Long[]::new))
                .param("first", first)
                .param("last", last)
                .query((row, n) -> Rows.parked(row))
                .list();
    }

    @Override
    public void save(Collection<Order> changed, List<HistoryEntry> history, List<HistoryEntry> released) {
        savePurchases(changed.stream()
                .filter(order -> !order.purchase().equals(before(order).purchase()))
                .toList());
        saveLines(changed.stream()
                .flatMap(order -> order.lines().values().stream()
                        .filter(line -> !line.equals(before(order).lines().get(line.id())))
                        .map(line -> new LineOfOrder(key(order.id()), line)))
                .toList());
        saveHistory(history);
        saveReleased(released);
    }

    private void savePurchases(List<Order> changed) {
        if (changed.isEmpty()) {
            return;
        }
        jdbc.sql("""
                update orders.sales_order o set ordered_at = s.ordered_at, total = s.total
                from unnest(:keys, cast(:orderedAts as timestamptz[]), cast(:totals as bigint[]))
                  as s (id, ordered_at, total)
                where o.id = s.id""")
                .param("keys", keys(changed, Order::id))
                .param(
                        "orderedAts",
                        Columns.of(changed, order -> order.purchase().orderedAt()))
                .param("totals", Columns.of(changed, order -> order.purchase().total()))
                .update();
    }

    private void saveLines(List<LineOfOrder> all) {
        if (all.isEmpty()) {
            return;
        }
        List<Line> lines = all.stream().map(LineOfOrder::line).toList();
        jdbc.sql("""
                insert into orders.line (order_id, line_id, status, claim_kind, claim_stage, return_claimed, version,
                  product_no, quantity, unit_price, amount)
                select * from unnest(:keys, :lines, :statuses, :kinds, :stages, cast(:returns as boolean[]),
                    cast(:versions as timestamptz[]), :products, cast(:quantities as integer[]),
                    cast(:prices as bigint[]), cast(:amounts as bigint[]))
                on conflict (order_id, line_id) do update
                set status = excluded.status, claim_kind = excluded.claim_kind, claim_stage = excluded.claim_stage,
                  return_claimed = excluded.return_claimed, version = excluded.version,
                  product_no = excluded.product_no, quantity = excluded.quantity, unit_price = excluded.unit_price,
                  amount = excluded.amount""")
                .param("keys", all.stream().map(LineOfOrder::key).toArray(Long[]::new))
                .param("lines", Columns.of(lines, Line::id))
                .param("statuses", Columns.of(lines, Line::status))
                .param("kinds", Columns.of(lines, line -> claim(line.claim(), true)))
                .param("stages", Columns.of(lines, line -> claim(line.claim(), false)))
                .param("returns", Columns.of(lines, Line::returnClaimed))
                .param("versions", Columns.of(lines, Line::version))
                .param("products", Columns.of(lines, line -> line.goods().productNo()))
                .param("quantities", Columns.of(lines, line -> line.goods().quantity()))
                .param("prices", Columns.of(lines, line -> line.goods().unitPrice()))
                .param("amounts", Columns.of(lines, line -> line.goods().amount()))
                .update();
    }

    private static @Nullable Object claim(@Nullable Claim claim, boolean kind) {
        return claim == null ? null : kind ? claim.kind() : claim.stage();
    }

    private void saveHistory(List<HistoryEntry> history) {
        if (history.isEmpty()) {
            return;
        }
        entries(history, """
                insert into orders.history (order_id, stream, stream_partition, stream_offset, part, kind, reason,
                  line_id, from_status, to_status, says, raw, source_time, received_at)
                select s.order_id, s.stream, s.stream_partition, s.stream_offset, s.part, s.kind, s.reason,
                  s.line_id, s.from_status, s.to_status, s.says, s.raw, s.source_time, s.received_at
                from unnest(:keys, :streams, cast(:partitions as integer[]), cast(:offsets as bigint[]),
                    cast(:parts as integer[]), :kinds, :reasons, :lines, :froms, :tos, :says, :raws,
                    cast(:sourceTimes as timestamptz[]), cast(:receivedAts as timestamptz[])) with ordinality
                  as s (order_id, stream, stream_partition, stream_offset, part, kind, reason,
                    line_id, from_status, to_status, says, raw, source_time, received_at, nth)
                order by s.nth""")
                .param("lines", Columns.of(history, HistoryEntry::lineId))
                .param("raws", Columns.of(history, HistoryEntry::raw))
                .param("sourceTimes", Columns.of(history, HistoryEntry::sourceTime))
                .param("receivedAts", Columns.of(history, HistoryEntry::receivedAt))
                .update();
    }

    private void saveReleased(List<HistoryEntry> released) {
        if (released.isEmpty()) {
            return;
        }
        entries(released, """
                update orders.history h
                set kind = s.kind, reason = s.reason, from_status = s.from_status, to_status = s.to_status,
                  says = s.says, released_at = s.released_at
                from unnest(:keys, :streams, cast(:partitions as integer[]), cast(:offsets as bigint[]),
                    cast(:parts as integer[]), :kinds, :reasons, :froms, :tos, :says,
                    cast(:releasedAts as timestamptz[]))
                  as s (order_id, stream, stream_partition, stream_offset, part, kind, reason, from_status, to_status,
                    says, released_at)
                where (h.order_id, h.stream, h.stream_partition, h.stream_offset, h.part)
                  = (s.order_id, s.stream, s.stream_partition, s.stream_offset, s.part)""")
                .param("releasedAts", Columns.of(released, HistoryEntry::releasedAt))
                .update();
    }

    /** Where entries stand, and what became of them. */
    private StatementSpec entries(List<HistoryEntry> entries, String sql) {
        List<Position> sources = entries.stream().map(HistoryEntry::source).toList();
        return jdbc.sql(sql)
                .param("keys", keys(entries, HistoryEntry::order))
                .param("streams", Columns.of(sources, Position::stream))
                .param("partitions", Columns.of(sources, Position::partition))
                .param("offsets", Columns.of(sources, Position::offset))
                .param("parts", Columns.of(entries, HistoryEntry::part))
                .param("kinds", Columns.of(entries, HistoryEntry::kind))
                .param("reasons", Columns.of(entries, HistoryEntry::reason))
                .param("froms", Columns.of(entries, HistoryEntry::from))
                .param("tos", Columns.of(entries, HistoryEntry::to))
                .param("says", Columns.of(entries, entry -> Rows.text(entry.says())));
    }

    private Order before(Order order) {
        return requireNonNull(orders.get(order.id()));
    }

    private long key(OrderId id) {
        return requireNonNull(keys.get(id));
    }

    private <T> Long[] keys(List<T> rows, Function<T, OrderId> order) {
        return rows.stream().map(row -> key(order.apply(row))).toArray(Long[]::new);
    }

    private record LineOfOrder(long key, Line line) {}
}
