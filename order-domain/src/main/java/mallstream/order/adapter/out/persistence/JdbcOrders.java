package mallstream.order.adapter.out.persistence;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import mallstream.order.application.port.out.Orders;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Position;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/**
 * Orders by plain SQL: a run of orders goes through each statement at once, a column an array of text that PostgreSQL
 * casts. JPA was turned down here, since it would lock, load and write row by row.
 */
@Component
class JdbcOrders implements Orders {
    private static final int NEWEST_HISTORY = 1_000;

    private final JdbcClient jdbc;

    JdbcOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Map<OrderId, Order> lock(Set<OrderId> ids) {
        List<OrderId> sorted = ids.stream().sorted().toList();
        ids("""
                insert into orders.sales_order (mall_id, order_no, channel)
                select * from unnest(:malls, :numbers, :channels)
                on conflict do nothing""", sorted).update();
        Map<Long, OrderId> locked = new LinkedHashMap<>();
        ids("""
                select o.id, o.mall_id, o.order_no, o.channel
                from unnest(:malls, :numbers, :channels) as wanted (mall_id, order_no, channel)
                join orders.sales_order o using (mall_id, order_no, channel)
                order by o.mall_id collate "C", o.order_no collate "C", o.channel collate "C"
                for update of o""", sorted).query(row -> {
            locked.put(row.getLong("id"), Rows.orderId(row));
        });
        return withLines(locked);
    }

    @Override
    public Set<Arrival> known(Collection<Arrival> arrivals) {
        List<Arrival> asked = List.copyOf(arrivals);
        List<Position> sources = asked.stream().map(Arrival::source).toList();
        return new HashSet<>(ids("""
                select distinct o.mall_id, o.order_no, o.channel, h.stream, h.stream_partition, h.stream_offset
                from unnest(:malls, :numbers, :channels, :streams, cast(:partitions as integer[]),
                    cast(:offsets as bigint[]))
                  as asked (mall_id, order_no, channel, stream, stream_partition, stream_offset)
                join orders.sales_order o using (mall_id, order_no, channel)
                join orders.history h on h.order_id = o.id and h.stream = asked.stream
                  and h.stream_partition = asked.stream_partition and h.stream_offset = asked.stream_offset""", asked.stream().map(Arrival::order).toList())
                .param("streams", column(sources, Position::stream))
                .param("partitions", column(sources, Position::partition))
                .param("offsets", column(sources, Position::offset))
                .query((row, n) -> new Arrival(Rows.orderId(row), Rows.position(row)))
                .list());
    }

    @Override
    public void save(Collection<Order> orders, List<HistoryEntry> history) {
        saveLines(orders.stream()
                .flatMap(order -> order.lines().values().stream().map(line -> new LineOfOrder(order.id(), line)))
                .toList());
        saveHistory(history);
    }

    private void saveLines(List<LineOfOrder> all) {
        List<Line> lines = all.stream().map(LineOfOrder::line).toList();
        ids("""
                insert into orders.line as l
                  (order_id, line_id, status, claim_kind, claim_stage, return_claimed, version)
                select o.id, s.line_id, s.status, s.claim_kind, s.claim_stage, s.return_claimed, s.version
                from unnest(:malls, :numbers, :channels, :lines, :statuses, :kinds, :stages,
                    cast(:returns as boolean[]), cast(:versions as timestamptz[]))
                  as s (mall_id, order_no, channel, line_id, status, claim_kind, claim_stage, return_claimed, version)
                join orders.sales_order o using (mall_id, order_no, channel)
                on conflict (order_id, line_id) do update
                set status = excluded.status, claim_kind = excluded.claim_kind, claim_stage = excluded.claim_stage,
                  return_claimed = excluded.return_claimed, version = excluded.version
                where (l.status, l.claim_kind, l.claim_stage, l.return_claimed, l.version) is distinct from
                  (excluded.status, excluded.claim_kind, excluded.claim_stage, excluded.return_claimed, excluded.version)
                """, all.stream().map(LineOfOrder::order).toList())
                .param("lines", column(lines, Line::id))
                .param("statuses", column(lines, Line::status))
                .param(
                        "kinds",
                        column(
                                lines,
                                line -> line.claim() == null
                                        ? null
                                        : line.claim().kind()))
                .param(
                        "stages",
                        column(
                                lines,
                                line -> line.claim() == null
                                        ? null
                                        : line.claim().stage()))
                .param("returns", column(lines, Line::returnClaimed))
                .param("versions", column(lines, Line::version))
                .update();
    }

    private void saveHistory(List<HistoryEntry> history) {
        List<Position> sources = history.stream().map(HistoryEntry::source).toList();
        ids("""
                insert into orders.history (order_id, stream, stream_partition, stream_offset, part, kind, reason,
                  line_id, from_status, to_status, raw, source_time, received_at)
                select o.id, s.stream, s.stream_partition, s.stream_offset, s.part, s.kind, s.reason,
                  s.line_id, s.from_status, s.to_status, s.raw, s.source_time, s.received_at
                from unnest(:malls, :numbers, :channels, :streams, cast(:partitions as integer[]),
                    cast(:offsets as bigint[]), cast(:parts as integer[]), :kinds, :reasons, :lines, :froms, :tos,
                    :raws, cast(:sourceTimes as timestamptz[]), cast(:receivedAts as timestamptz[])) with ordinality
                  as s (mall_id, order_no, channel, stream, stream_partition, stream_offset, part, kind, reason,
                    line_id, from_status, to_status, raw, source_time, received_at, nth)
                join orders.sales_order o using (mall_id, order_no, channel)
                order by s.nth""", history.stream().map(HistoryEntry::order).toList())
                .param("streams", column(sources, Position::stream))
                .param("partitions", column(sources, Position::partition))
                .param("offsets", column(sources, Position::offset))
                .param("parts", column(history, HistoryEntry::part))
                .param("kinds", column(history, HistoryEntry::kind))
                .param("reasons", column(history, HistoryEntry::reason))
                .param("lines", column(history, HistoryEntry::lineId))
                .param("froms", column(history, HistoryEntry::from))
                .param("tos", column(history, HistoryEntry::to))
                .param("raws", column(history, HistoryEntry::raw))
                .param("sourceTimes", column(history, HistoryEntry::sourceTime))
                .param("receivedAts", column(history, HistoryEntry::receivedAt))
                .update();
    }

    @Override
    public List<WithHistory> find(MallId mallId, OrderNo orderNo) {
        Map<Long, OrderId> found = new LinkedHashMap<>();
        jdbc.sql("""
                select id, mall_id, order_no, channel from orders.sales_order
                where mall_id = :mall and order_no = :number order by channel""")
                .param("mall", mallId.value())
                .param("number", orderNo.value())
                .query(row -> {
                    found.put(row.getLong("id"), Rows.orderId(row));
                });
        Map<OrderId, Order> orders = withLines(found);
        return found.entrySet().stream()
                .map(each -> new WithHistory(
                        requireNonNull(orders.get(each.getValue())), history(each.getKey(), each.getValue())))
                .toList();
    }

    private Map<OrderId, Order> withLines(Map<Long, OrderId> ids) {
        Map<Long, Map<LineId, Line>> lines = new HashMap<>();
        jdbc.sql("select * from orders.line where order_id = any(:ids) order by order_id, line_id")
                .param("ids", ids.keySet().toArray(Long[]::new))
                .query(row -> {
                    Line line = Rows.line(row);
                    lines.computeIfAbsent(row.getLong("order_id"), key -> new LinkedHashMap<>())
                            .put(line.id(), line);
                });
        Map<OrderId, Order> orders = new LinkedHashMap<>();
        ids.forEach((key, id) -> orders.put(id, new Order(id, lines.getOrDefault(key, Map.of()))));
        return orders;
    }

    private List<HistoryEntry> history(long key, OrderId id) {
        return jdbc.sql("""
                select * from (select * from orders.history where order_id = :key order by id desc limit :newest) h
                order by h.id""")
                .param("key", key)
                .param("newest", NEWEST_HISTORY)
                .query((row, n) -> Rows.historyEntry(id, row))
                .list();
    }

    private StatementSpec ids(String sql, List<OrderId> ids) {
        return jdbc.sql(sql)
                .param("malls", column(ids, OrderId::mallId))
                .param("numbers", column(ids, OrderId::orderNo))
                .param("channels", column(ids, OrderId::channel));
    }

    private static <T> @Nullable String[] column(List<T> rows, Function<T, @Nullable Object> value) {
        return rows.stream()
                .map(value)
                .map(each -> each == null ? null : each.toString())
                .toArray(String[]::new);
    }

    private record LineOfOrder(OrderId order, Line line) {}
}
