package mallstream.order.application.port.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mallstream.order.application.port.out.Orders.Arrival;
import mallstream.order.application.port.out.Orders.WithHistory;
import mallstream.order.model.Change;
import mallstream.order.model.Channel;
import mallstream.order.model.Claim;
import mallstream.order.model.Decision;
import mallstream.order.model.Goods;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Position;
import mallstream.order.model.Purchase;
import mallstream.order.model.Unreadable;
import mallstream.order.model.WhichParked;
import mallstream.order.model.Won;
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
        assertThat(lock(id)).containsExactly(Map.entry(id, new Order(id, Purchase.UNKNOWN, Map.of())));
        assertThat(find("1")).containsExactly(new WithHistory(new Order(id, Purchase.UNKNOWN, Map.of()), List.of()));
        assertThat(find("2")).isEmpty();
    }

    @Test
    void what_is_saved_is_found_whole() {
        OrderId id = id(Channel.GODOMALL, "1");
        Order order = order(
                id,
                new Line(new LineId("a"), Live.PAID, null, false, Goods.UNKNOWN, NOW),
                new Line(
                        new LineId("b"),
                        Live.DELIVERED,
                        new Claim(Claim.Kind.RETURN, Claim.Stage.REQUESTED),
                        true,
                        new Goods("p-1", 2, new Won(5_000), new Won(9_000)),
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
                        Live.DELIVERED,
                        Live.PAID,
                        new Change.Effect.Stands(Live.PAID, null),
                        "p1",
                        NOW,
                        NOW,
                        null),
                new HistoryEntry(
                        id,
                        new Position("stream", 0, 1),
                        2,
                        HistoryEntry.Kind.PARKED,
                        "no-line-id",
                        null,
                        null,
                        null,
                        null,
                        "memo:text",
                        null,
                        NOW,
                        null));
        save(order, history);
        assertThat(find("1")).containsExactly(new WithHistory(order, history));
        assertThat(lock(id)).containsExactly(Map.entry(id, order));
    }

    @Test
    void a_line_that_is_saved_again_is_replaced_and_its_neighbour_stays() {
        OrderId id = id(Channel.GODOMALL, "1");
        Line stays = new Line(new LineId("a"), Live.PAID, null, false, Goods.UNKNOWN, NOW);
        Line before = new Line(
                new LineId("b"),
                Live.PAID,
                new Claim(Claim.Kind.CANCEL, Claim.Stage.REQUESTED),
                true,
                Goods.UNKNOWN,
                NOW);
        Line after = new Line(new LineId("b"), Live.SHIPPING, null, false, Goods.UNKNOWN, NOW.plusSeconds(1));
        save(order(id, stays, before), List.of(entry(id, 1, 0)));
        save(order(id, stays, after), List.of(entry(id, 2, 0)));
        assertThat(find("1").getFirst().order()).isEqualTo(order(id, stays, after));
    }

    @Test
    void two_channels_may_have_one_number() {
        OrderId shopby = id(Channel.SHOPBY, "1");
        OrderId godomall = id(Channel.GODOMALL, "1");
        transactions().inOne(() -> orders().lock(Map.of(shopby, Purchase.UNKNOWN, godomall, Purchase.UNKNOWN)));
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
    void what_was_understood_of_a_line_is_heard_again_in_the_order_of_its_arrival() {
        OrderId id = id(Channel.GODOMALL, "1");
        List<Change.Effect> effects = List.of(
                new Change.Effect.Stands(Live.PAID, null),
                new Change.Effect.Stands(End.CANCELED, new Claim(Claim.Kind.CANCEL, Claim.Stage.DONE)),
                new Change.Effect.Claims(new Claim(Claim.Kind.RETURN, Claim.Stage.IN_PROGRESS)),
                new Change.Effect.Refunds());
        List<HistoryEntry> history = new ArrayList<>();
        for (Change.Effect effect : effects) {
            Change change = new Change(new LineId("a"), effect, NOW, Goods.UNKNOWN, "code");
            history.add(HistoryEntry.of(
                    id,
                    new Position("stream", 0, history.size()),
                    0,
                    change,
                    new Decision.Parked("claim-before-status"),
                    NOW));
        }
        history.add(HistoryEntry.of(
                id,
                new Position("stream", 0, 9),
                0,
                new Change(new LineId("a"), effects.getFirst(), NOW, Goods.UNKNOWN, "code"),
                new Decision.OfAnother(),
                NOW));
        history.add(HistoryEntry.of(
                id,
                new Position("stream", 0, 10),
                0,
                new Unreadable(new LineId("a"), NOW, "unknown-code", "raw"),
                new Decision.Parked("unknown-code"),
                NOW));
        save(order(id), history);
        transactions().inOne(() -> {
            Orders.Locked locked = orders().lock(Map.of(id, Purchase.UNKNOWN));
            assertThat(locked.heard(id, new LineId("a")).orElseThrow())
                    .extracting(Change::effect)
                    .isEqualTo(effects);
            assertThat(locked.heard(id, new LineId("b"))).hasValue(List.of());
            return locked;
        });
    }

    @Test
    void a_parked_entry_is_found_until_it_is_released_and_keeps_its_place() {
        OrderId id = id(Channel.GODOMALL, "1");
        HistoryEntry parked = HistoryEntry.of(
                id,
                new Position("stream", 0, 1),
                0,
                new Unreadable(new LineId("a"), NOW, "unknown-code", "sno=a; orderStatus=x9"),
                new Decision.Parked("unknown-code"),
                NOW);
        save(order(id), List.of(parked, entry(id, 2, 0)));
        WhichParked all = new WhichParked(null, null, null);
        List<ParkedChange> found = transactions().inOne(() -> orders().parked(all, 0, 10));
        assertThat(found).singleElement().extracting(ParkedChange::entry).isEqualTo(parked);
        assertThat(transactions()
                        .inOne(() -> orders().parked(all, found.getFirst().number(), 10)))
                .isEmpty();
        assertThat(transactions()
                        .inOne(() -> orders().parked(new WhichParked(MALL, Channel.GODOMALL, "unknown-code"), 0, 1)))
                .isEqualTo(found);
        assertThat(transactions().inOne(() -> orders().parked(new WhichParked(null, Channel.SHOPBY, null), 0, 1)))
                .isEmpty();
        HistoryEntry released = parked.released(
                new Change(new LineId("a"), new Change.Effect.Stands(Live.PAID, null), NOW, Goods.UNKNOWN, "x9"),
                new Decision.Applied(null, new Line(new LineId("a"), Live.PAID, null, false, Goods.UNKNOWN, NOW)),
                NOW.plusSeconds(1));
        transactions().inOne(() -> {
            Orders.Locked locked = orders().lock(Map.of(id, Purchase.UNKNOWN));
            long number = found.getFirst().number();
            assertThat(locked.parked(all, number, number)).isEqualTo(found);
            assertThat(locked.parked(all, 0, number - 1)).isEmpty();
            assertThat(locked.parked(all, number + 1, Long.MAX_VALUE)).isEmpty();
            locked.save(List.of(), List.of(), List.of(released));
            return locked;
        });
        assertThat(transactions().inOne(() -> orders().parked(all, 0, 10))).isEmpty();
        assertThat(find("1").getFirst().history()).containsExactly(released, entry(id, 2, 0));
    }

    @Test
    void an_order_keeps_what_was_said_of_the_whole() {
        OrderId id = id(Channel.SHOPBY, "1");
        Purchase first = new Purchase(NOW, new Won(1_000));
        Purchase second = new Purchase(NOW, new Won(500));
        assertThat(transactions().inOne(() -> orders().lock(Map.of(id, first)).orders()))
                .containsExactly(Map.entry(id, new Order(id, first, Map.of())));
        assertThat(lock(id)).containsExactly(Map.entry(id, new Order(id, first, Map.of())));
        save(new Order(id, second, Map.of()), List.of());
        assertThat(find("1").getFirst().order().purchase()).isEqualTo(second);
    }

    @Test
    void an_order_is_begun_once() {
        OrderId id = id(Channel.SHOPBY, "1");
        OrderId other = id(Channel.SHOPBY, "2");
        transactions().inOne(() -> {
            Orders.Locked locked = orders().lock(Map.of(id, Purchase.UNKNOWN));
            assertThat(locked.begun(id)).isTrue();
            return locked;
        });
        transactions().inOne(() -> {
            Orders.Locked locked = orders().lock(Map.of(id, Purchase.UNKNOWN, other, Purchase.UNKNOWN));
            assertThat(locked.begun(id)).isFalse();
            assertThat(locked.begun(other)).isTrue();
            return locked;
        });
    }

    @Test
    void a_transaction_that_throws_leaves_nothing() {
        OrderId id = id(Channel.SHOPBY, "1");
        assertThatThrownBy(() -> transactions().inOne(() -> {
                    orders().lock(Map.of(id, Purchase.UNKNOWN))
                            .save(List.of(order(id)), List.of(entry(id, 1, 0)), List.of());
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(find("1")).isEmpty();
    }

    @Test
    void who_locks_an_order_sees_what_everybody_before_made_of_it() throws InterruptedException {
        OrderId id = id(Channel.SHOPBY, "1");
        save(order(id, new Line(new LineId("a"), Live.PAID, null, false, Goods.UNKNOWN, NOW)), List.of());
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
                .isEqualTo(order(
                        id, new Line(new LineId("a"), Live.PAID, null, false, Goods.UNKNOWN, NOW.plusMillis(100))));
    }

    private void makeOneMillisecondNewer(OrderId id) {
        transactions().inOne(() -> {
            Orders.Locked locked = orders().lock(Map.of(id, Purchase.UNKNOWN));
            Line line = Objects.requireNonNull(locked.orders().get(id)).lines().get(new LineId("a"));
            Instant version = Objects.requireNonNull(line).version().plusMillis(1);
            locked.save(
                    List.of(order(id, new Line(line.id(), line.status(), null, false, Goods.UNKNOWN, version))),
                    List.of(),
                    List.of());
            return locked;
        });
    }

    private Map<OrderId, Order> lock(OrderId id) {
        return transactions()
                .inOne(() -> orders().lock(Map.of(id, Purchase.UNKNOWN)).orders());
    }

    private void save(Order order, List<HistoryEntry> history) {
        transactions().inOne(() -> {
            Orders.Locked locked = orders().lock(Map.of(order.id(), Purchase.UNKNOWN));
            locked.save(List.of(order), history, List.of());
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
        return new Order(id, Purchase.UNKNOWN, byId);
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
                Live.PAID,
                new Change.Effect.Stands(Live.PAID, null),
                "p1",
                NOW,
                NOW,
                null);
    }
}
