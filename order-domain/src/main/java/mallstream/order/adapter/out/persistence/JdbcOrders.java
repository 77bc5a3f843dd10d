package mallstream.order.adapter.out.persistence;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.order.application.port.out.Orders;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Position;
import mallstream.order.model.Purchase;
import mallstream.order.model.WhichParked;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/**
 * Orders by plain SQL: a run of orders goes through each statement at once, a column an array. JPA was turned down here,
 * since it would lock, load and write row by row. Rows are looked up by {@code lateral} subqueries, each by its index: for a
 * plain join the planner reads the whole table until that is some hundred thousand rows long.
 */
@Component
class JdbcOrders implements Orders {
    private static final int NEWEST_HISTORY = 1_000;

    private final JdbcClient jdbc;

    JdbcOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Locked lock(Map<OrderId, Purchase> wanted) {
        List<OrderId> sorted = wanted.keySet().stream().sorted().toList();
        List<Purchase> purchases =
                sorted.stream().map(id -> requireNonNull(wanted.get(id))).toList();
        Map<OrderId, Long> keys = new HashMap<>();
        Map<OrderId, Order> orders = new LinkedHashMap<>();
        ids("""
                insert into orders.sales_order (mall_id, order_no, channel, ordered_at, total)
                select * from unnest(:malls, :numbers, :channels, cast(:orderedAts as timestamptz[]), cast(:totals as bigint[]))
                on conflict do nothing
                returning id, mall_id, order_no, channel""", sorted)
                .param("orderedAts", Columns.of(purchases, Purchase::orderedAt))
                .param("totals", Columns.of(purchases, Purchase::total))
                .query(row -> {
                    OrderId id = Rows.orderId(row);
                    keys.put(id, row.getLong("id"));
                    orders.put(id, new Order(id, requireNonNull(wanted.get(id)), Map.of()));
                });
        Set<OrderId> begun = Set.copyOf(keys.keySet());
        List<OrderId> known = sorted.stream().filter(id -> !begun.contains(id)).toList();
        if (!known.isEmpty()) {
            Map<Long, Order> locked = new LinkedHashMap<>();
            ids("""
                    select o.* from (
                      select * from unnest(:malls, :numbers, :channels) with ordinality
                        as each (mall_id, order_no, channel, nth) order by nth) wanted
                    cross join lateral (
                      select * from orders.sales_order s where (s.mall_id, s.order_no, s.channel)
                        = (wanted.mall_id, wanted.order_no, wanted.channel) for update) o""", known).query(row -> {
                OrderId id = Rows.orderId(row);
                keys.put(id, row.getLong("id"));
                locked.put(row.getLong("id"), new Order(id, Rows.purchase(row), Map.of()));
            });
            withLines(locked).forEach(order -> orders.put(order.id(), order));
        }
        return new JdbcLockedOrders(jdbc, orders, keys, begun);
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
                cross join lateral (
                  select * from orders.sales_order s where (s.mall_id, s.order_no, s.channel)
                    = (asked.mall_id, asked.order_no, asked.channel) limit 1) o
                cross join lateral (
                  select * from orders.history e
                  where (e.order_id, e.stream, e.stream_partition, e.stream_offset)
                    = (o.id, asked.stream, asked.stream_partition, asked.stream_offset) limit 1) h""", asked.stream().map(Arrival::order).toList())
                .param("streams", Columns.of(sources, Position::stream))
                .param("partitions", Columns.of(sources, Position::partition))
                .param("offsets", Columns.of(sources, Position::offset))
                .query((row, n) -> new Arrival(Rows.orderId(row), Rows.position(row)))
                .list());
    }

    @Override
    public List<WithHistory> find(MallId mallId, OrderNo orderNo) {
        Map<Long, Order> found = new LinkedHashMap<>();
        jdbc.sql("select * from orders.sales_order where mall_id = :mall and order_no = :number order by channel")
                .param("mall", mallId.value())
                .param("number", orderNo.value())
                .query(row -> {
                    found.put(row.getLong("id"), new Order(Rows.orderId(row), Rows.purchase(row), Map.of()));
                });
        Map<OrderId, Long> keys = new HashMap<>();
        found.forEach((key, order) -> keys.put(order.id(), key));
        return withLines(found).stream()
                .map(order -> new WithHistory(order, history(requireNonNull(keys.get(order.id())), order.id())))
                .toList();
    }

    @Override
    public List<ParkedChange> parked(WhichParked which, long after, int size) {
        return parked(jdbc, which, "h.id > :after", "limit :size")
                .param("after", after)
                .param("size", size)
                .query((row, n) -> Rows.parked(row))
                .list();
    }

    static StatementSpec parked(JdbcClient jdbc, WhichParked which, String among, String most) {
        return jdbc.sql("""
                select h.*, o.mall_id, o.order_no, o.channel
                from orders.history h join orders.sales_order o on o.id = h.order_id
                where h.kind = 'PARKED' and %s
                  and (cast(:mall as text) is null or o.mall_id = :mall)
                  and (cast(:channel as text) is null or o.channel = :channel)
                  and (cast(:reason as text) is null or h.reason = :reason)
                order by h.id %s""".formatted(among, most))
                .param("mall", which.mallId() == null ? null : which.mallId().value())
                .param(
                        "channel",
                        which.channel() == null ? null : which.channel().name())
                .param("reason", which.reason());
    }

    private List<Order> withLines(Map<Long, Order> orders) {
        Map<Long, Map<LineId, Line>> lines = new HashMap<>();
        jdbc.sql("""
                select l.* from unnest(:ids) as asked (id)
                cross join lateral (select * from orders.line l where l.order_id = asked.id order by l.line_id) l""").param("ids", orders.keySet().toArray(Long[]::new)).query(row -> {
            Line line = Rows.line(row);
            lines.computeIfAbsent(row.getLong("order_id"), key -> new LinkedHashMap<>())
                    .put(line.id(), line);
        });
        return orders.entrySet().stream()
                .map(each -> new Order(
                        each.getValue().id(), each.getValue().purchase(), lines.getOrDefault(each.getKey(), Map.of())))
                .toList();
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
                .param("malls", Columns.of(ids, OrderId::mallId))
                .param("numbers", Columns.of(ids, OrderId::orderNo))
                .param("channels", Columns.of(ids, OrderId::channel));
    }
}
