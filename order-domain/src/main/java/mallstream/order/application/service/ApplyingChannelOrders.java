package mallstream.order.application.service;

import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.CodeMappings;
import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.Orders.Arrival;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.ReadChannelOrder.Reading;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Channel;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.Position;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;

/**
 * Applies a list in one transaction, whatever malls it is of: a hot mall's run of hundreds of changes and a hundred malls
 * with a change each cost the same few round trips. The price: if one of them cannot be stored, none of the list is, and the
 * caller has to find out which by smaller lists.
 */
@UseCase
class ApplyingChannelOrders implements ApplyChannelOrders {
    /** Parts of one order. One with more is parked whole: a body of 1 MB could otherwise write 300,000 rows. */
    static final int MOST_PARTS = 1_000;

    private final Map<Channel, ReadChannelOrder> readers;
    private final Orders orders;
    private final CodeMappings mappings;
    private final OrderOwners owners;
    private final Transactions transactions;
    private final Clock clock;

    ApplyingChannelOrders(
            List<ReadChannelOrder> readers,
            Orders orders,
            CodeMappings mappings,
            OrderOwners owners,
            Transactions transactions,
            Clock clock) {
        this.readers = readers.stream().collect(toMap(ReadChannelOrder::channel, Function.identity()));
        this.orders = orders;
        this.mappings = mappings;
        this.owners = owners;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public List<Outcome> apply(List<ChannelOrder> channelOrders) {
        Map<Integer, Outcome> outcomes = new LinkedHashMap<>();
        List<Arrived> run = new ArrayList<>();
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
                case Reading.Read read -> run.add(Arrived.of(index, order, read, counts(order, read)));
            }
        }
        if (!run.isEmpty()) {
            outcomes.putAll(transactions.inOne(() -> applyRun(run)));
        }
        return IntStream.range(0, channelOrders.size()).mapToObj(outcomes::get).toList();
    }

    private boolean counts(ChannelOrder order, Reading.Read read) {
        boolean naverPay = read.naverPay() || order.channel() == Channel.NAVERPAY;
        return !naverPay || owners.counts(order.channel(), order.mallId());
    }

    private Map<Integer, Outcome> applyRun(List<Arrived> run) {
        Map<OrderId, Purchase> wanted = new TreeMap<>();
        run.forEach(each -> wanted.putIfAbsent(each.orderId(), each.purchase()));
        Orders.Locked locked = orders.lock(wanted);
        List<Arrival> perhapsKnown = run.stream()
                .map(Arrived::arrival)
                .filter(arrival -> !locked.begun(arrival.order()))
                .toList();
        Set<Arrival> seen = perhapsKnown.isEmpty() ? new HashSet<>() : new HashSet<>(orders.known(perhapsKnown));
        Changing changing = new Changing(locked, clock.instant());
        Explanations explanations = new Explanations(readers, mappings);
        Map<Integer, Outcome> outcomes = new LinkedHashMap<>();
        for (Arrived arrived : run) {
            if (seen.add(arrived.arrival())) {
                applyOne(arrived, changing, explanations);
                outcomes.put(arrived.index(), new Outcome.Done());
            } else {
                outcomes.put(arrived.index(), new Outcome.AlreadyDone());
            }
        }
        changing.save();
        return outcomes;
    }

    private static void applyOne(Arrived arrived, Changing changing, Explanations explanations) {
        OrderId id = arrived.orderId();
        if (!arrived.counts()) {
            changing.keep(id, arrived.arrival().source(), arrived.reports());
            return;
        }
        List<Report> reports = arrived.reports().stream()
                .map(report -> explanations.of(id.channel(), report))
                .toList();
        changing.apply(id, arrived.arrival().source(), arrived.purchase(), reports);
    }

    private record Arrived(int index, Arrival arrival, Purchase purchase, List<Report> reports, boolean counts) {
        static Arrived of(int index, ChannelOrder order, Reading.Read read, boolean counts) {
            Source source = order.source();
            int parts = read.reports().size();
            return new Arrived(
                    index,
                    new Arrival(
                            new OrderId(order.channel(), order.mallId(), read.orderNo()),
                            new Position(source.stream(), source.partition(), source.offset())),
                    counts ? read.purchase() : Purchase.UNKNOWN,
                    parts <= MOST_PARTS
                            ? read.reports()
                            : List.of(new Unreadable(null, null, "too-many-parts", "parts=" + parts)),
                    counts);
        }

        OrderId orderId() {
            return arrival.order();
        }
    }
}
