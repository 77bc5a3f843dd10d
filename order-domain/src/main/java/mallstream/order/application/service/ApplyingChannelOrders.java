package mallstream.order.application.service;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.Orders.Arrival;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.ReadChannelOrder.Reading;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Channel;
import mallstream.order.model.Decision;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.Position;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;

/**
 * Applies a mall's orders in one transaction, so that a hot mall costs a few round trips per list. The price: if one of
 * them cannot be stored, none of that mall is.
 */
@UseCase
class ApplyingChannelOrders implements ApplyChannelOrders {
    /** Parts of one order. One with more is parked whole: a body of 1 MB could otherwise write 300,000 rows. */
    static final int MOST_PARTS = 1_000;

    private final Map<Channel, ReadChannelOrder> readers;
    private final Orders orders;
    private final Transactions transactions;
    private final Clock clock;

    ApplyingChannelOrders(List<ReadChannelOrder> readers, Orders orders, Transactions transactions, Clock clock) {
        this.readers = readers.stream().collect(toMap(ReadChannelOrder::channel, Function.identity()));
        this.orders = orders;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public List<Outcome> apply(List<ChannelOrder> channelOrders) {
        Map<Integer, Outcome> outcomes = new LinkedHashMap<>();
        Map<MallId, List<Arrived>> runs = new LinkedHashMap<>();
        for (int index = 0; index < channelOrders.size(); index++) {
            ChannelOrder order = channelOrders.get(index);
            ReadChannelOrder reader = readers.get(order.channel());
            if (reader == null) {
                outcomes.put(index, new Outcome.Refused("unknown-channel"));
                continue;
            }
            switch (reader.read(order.body(), order.recordedAt())) {
                case Reading.NotJson notJson -> outcomes.put(index, new Outcome.Refused("malformed-json"));
                case Reading.NoOrderNumber noNumber -> outcomes.put(index, new Outcome.Refused("no-order-number"));
                case Reading.Read read ->
                    runs.computeIfAbsent(order.mallId(), mall -> new ArrayList<>())
                            .add(Arrived.of(index, order, read));
            }
        }
        runs.values().forEach(run -> outcomes.putAll(transactions.inOne(() -> applyRun(run))));
        return IntStream.range(0, channelOrders.size()).mapToObj(outcomes::get).toList();
    }

    private Map<Integer, Outcome> applyRun(List<Arrived> run) {
        Map<OrderId, Order> current = new LinkedHashMap<>(
                orders.lock(run.stream().map(Arrived::orderId).collect(toSet())));
        Instant now = clock.instant();
        List<HistoryEntry> history = new ArrayList<>();
        Map<Integer, Outcome> outcomes = new LinkedHashMap<>();
        Set<Arrival> seen =
                new HashSet<>(orders.known(run.stream().map(Arrived::arrival).toList()));
        for (Arrived arrived : run) {
            if (!seen.add(arrived.arrival())) {
                outcomes.put(arrived.index(), new Outcome.AlreadyDone());
                continue;
            }
            current.put(
                    arrived.orderId(), applyOne(requireNonNull(current.get(arrived.orderId())), arrived, now, history));
            outcomes.put(arrived.index(), new Outcome.Done());
        }
        if (!history.isEmpty()) {
            orders.save(current.values(), history);
        }
        return outcomes;
    }

    private Order applyOne(Order order, Arrived arrived, Instant now, List<HistoryEntry> history) {
        Order after = order;
        for (int part = 0; part < arrived.reports().size(); part++) {
            Report report = arrived.reports().get(part);
            Decision decision = after.decide(report);
            after = after.after(decision);
            history.add(HistoryEntry.of(order.id(), arrived.arrival().source(), part, report, decision, now));
        }
        return after;
    }

    private record Arrived(int index, Arrival arrival, List<Report> reports) {
        static Arrived of(int index, ChannelOrder order, Reading.Read read) {
            Source source = order.source();
            int parts = read.reports().size();
            return new Arrived(
                    index,
                    new Arrival(
                            new OrderId(order.channel(), order.mallId(), read.orderNo()),
                            new Position(source.stream(), source.partition(), source.offset())),
                    parts <= MOST_PARTS
                            ? read.reports()
                            : List.of(new Unreadable(null, null, "too-many-parts", "parts=" + parts)));
        }

        OrderId orderId() {
            return arrival.order();
        }
    }
}
