package mallstream.order.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import mallstream.order.application.port.out.Orders.Arrival;
import mallstream.order.application.port.out.Orders.WithHistory;
import mallstream.order.model.Channel;
import mallstream.order.model.Claim;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Position;
import org.junit.jupiter.api.Test;

/** What every {@link Orders} and its {@link Transactions} do: the fake and the database both sit this test. */
public abstract class OrdersContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final MallId MALL = new MallId("mall-1");

    /** Empty orders. */
    protected abstract Orders orders();

    /** The transactions of these orders. */
    protected abstract Transactions transactions();

    @Test
    void an_order_that_nobody_knows_begins_without_lines() {
        OrderId id = id(Channel.SHOPBY, "1");
        assertThat(lock(id)).containsExactly(Map.entry(id, new Order(id, Map.of())));
        assertThat(find("1")).containsExactly(new WithHistory(new Order(id, Map.of()), List.of()));
        assertThat(find("2")).isEmpty();
    }

    @Test
    void what_is_saved_is_found_whole() {
        OrderId id = id(Channel.GODOMALL, "1");
        Order order = order(
                id,
                new Line(new LineId("a"), LineStatus.PAID, null, false, NOW),
                new Line(
                        new LineId("b"),
                        LineStatus.DELIVERED,
                        new Claim(Claim.Kind.RETURN, Claim.Stage.REQUESTED),
                        true,
                        NOW.plusMillis(1)));
        List<HistoryEntry> history = List.of(
                entry(id, 1, 0),
                new HistoryEntry(
                        id,
                        new Position("stream", 0, 1),
                        1,
                        HistoryEntry.Kind.IGNORED,
                        "stale",
                        new LineId("b"),
                        LineStatus.DELIVERED,
                        LineStatus.PAID,
                        "p1",
                        NOW,
                        NOW),
                new HistoryEntry(
                        id,
                        new Position("stream", 0, 1),
                        2,
                        HistoryEntry.Kind.PARKED,
                        "no-line-id",
                        null,
                        null,
                        null,
                        "memo:text",
                        null,
                        NOW));
        save(order, history);
        assertThat(find("1")).containsExactly(new WithHistory(order, history));
        assertThat(lock(id)).containsExactly(Map.entry(id, order));
    }

    @Test
    void a_line_that_is_saved_again_is_replaced_and_its_neighbour_stays() {
        OrderId id = id(Channel.GODOMALL, "1");
        Line stays = new Line(new LineId("a"), LineStatus.PAID, null, false, NOW);
        Line before = new Line(
                new LineId("b"), LineStatus.PAID, new Claim(Claim.Kind.CANCEL, Claim.Stage.REQUESTED), true, NOW);
        Line after = new Line(new LineId("b"), LineStatus.SHIPPING, null, false, NOW.plusSeconds(1));
        save(order(id, stays, before), List.of(entry(id, 1, 0)));
        save(order(id, stays, after), List.of(entry(id, 2, 0)));
        assertThat(find("1").getFirst().order()).isEqualTo(order(id, stays, after));
    }

    @Test
    void two_channels_may_have_one_number() {
        OrderId shopby = id(Channel.SHOPBY, "1");
        OrderId godomall = id(Channel.GODOMALL, "1");
        transactions().inOne(() -> orders().lock(Set.of(shopby, godomall)));
        assertThat(find("1").stream().map(each -> each.order().id())).containsExactly(godomall, shopby);
    }

    @Test
    void an_arrival_is_known_by_its_order_and_its_position() {
        OrderId id = id(Channel.SHOPBY, "1");
        OrderId other = id(Channel.SHOPBY, "2");
        save(order(id), List.of(entry(id, 7, 0), entry(id, 7, 1)));
        Arrival known = new Arrival(id, new Position("stream", 0, 7));
        assertThat(transactions()
                        .inOne(() -> orders().known(List.of(
                                known,
                                new Arrival(id, new Position("stream", 0, 8)),
                                new Arrival(id, new Position("stream", 1, 7)),
                                new Arrival(id, new Position("other", 0, 7)),
                                new Arrival(other, new Position("stream", 0, 7))))))
                .containsExactly(known);
    }

    @Test
    void of_a_long_history_the_newest_thousand_are_shown_oldest_first() {
        OrderId id = id(Channel.SHOPBY, "1");
        List<HistoryEntry> history = new ArrayList<>();
        for (int offset = 0; offset < 1_005; offset++) {
            history.add(entry(id, offset, 0));
        }
        save(order(id), history);
        assertThat(find("1").getFirst().history()).isEqualTo(history.subList(5, 1_005));
    }

    @Test
    void a_transaction_that_throws_leaves_nothing() {
        OrderId id = id(Channel.SHOPBY, "1");
        assertThatThrownBy(() -> transactions().inOne(() -> {
                    orders().lock(Set.of(id));
                    orders().save(List.of(order(id)), List.of(entry(id, 1, 0)));
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(find("1")).isEmpty();
    }

    @Test
    void who_locks_an_order_sees_what_everybody_before_made_of_it() throws InterruptedException {
        OrderId id = id(Channel.SHOPBY, "1");
        save(order(id, new Line(new LineId("a"), LineStatus.PAID, null, false, NOW)), List.of());
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int time = 0; time < 25; time++) {
                    makeOneMillisecondNewer(id);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(find("1").getFirst().order())
                .isEqualTo(order(id, new Line(new LineId("a"), LineStatus.PAID, null, false, NOW.plusMillis(100))));
    }

    private void makeOneMillisecondNewer(OrderId id) {
        transactions().inOne(() -> {
            Map<OrderId, Order> locked = orders().lock(Set.of(id));
            Line line = Objects.requireNonNull(locked.get(id)).lines().get(new LineId("a"));
            Instant version = Objects.requireNonNull(line).version().plusMillis(1);
            orders().save(List.of(order(id, new Line(line.id(), line.status(), null, false, version))), List.of());
            return locked;
        });
    }

    private Map<OrderId, Order> lock(OrderId id) {
        return transactions().inOne(() -> orders().lock(Set.of(id)));
    }

    private void save(Order order, List<HistoryEntry> history) {
        transactions().inOne(() -> {
            Map<OrderId, Order> locked = orders().lock(Set.of(order.id()));
            orders().save(List.of(order), history);
            return locked;
        });
    }

    private List<WithHistory> find(String orderNo) {
        return transactions().inOne(() -> orders().find(MALL, new OrderNo(orderNo)));
    }

    private static OrderId id(Channel channel, String orderNo) {
        return new OrderId(channel, MALL, new OrderNo(orderNo));
    }

    private static Order order(OrderId id, Line... lines) {
        Map<LineId, Line> byId = new HashMap<>();
        for (Line line : lines) {
            byId.put(line.id(), line);
        }
        return new Order(id, byId);
    }

    private static HistoryEntry entry(OrderId id, long offset, int part) {
        return new HistoryEntry(
                id,
                new Position("stream", 0, offset),
                part,
                HistoryEntry.Kind.APPLIED,
                null,
                new LineId("a"),
                null,
                LineStatus.PAID,
                "p1",
                NOW,
                NOW);
    }
}
