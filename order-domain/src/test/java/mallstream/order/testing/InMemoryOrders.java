package mallstream.order.testing;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import mallstream.order.application.port.out.CodeMappings;
import mallstream.order.application.port.out.LaneChoices;
import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Change;
import mallstream.order.model.Channel;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;
import mallstream.order.model.Meaning;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Purchase;
import mallstream.order.model.WhichParked;

/** Orders, mappings, lanes and transactions in memory: one transaction at a time, undone if it throws. */
public final class InMemoryOrders implements Orders, Transactions {
    private final ReentrantLock one = new ReentrantLock();
    private final Map<OrderId, Order> orders = new HashMap<>();
    private final List<HistoryEntry> history = new ArrayList<>();
    private final InMemoryCodeMappings mappings = new InMemoryCodeMappings();
    private final InMemoryLaneChoices lanes = new InMemoryLaneChoices();

    /** The mappings beside these orders. */
    public CodeMappings codeMappings() {
        return mappings;
    }

    /** The lanes beside these orders. */
    public LaneChoices laneChoices() {
        return lanes;
    }

    @Override
    public <T> T inOne(Supplier<T> work) {
        one.lock();
        try {
            return undoneIfItThrows(work);
        } finally {
            one.unlock();
        }
    }

    private <T> T undoneIfItThrows(Supplier<T> work) {
        Map<OrderId, Order> ordersBefore = Map.copyOf(orders);
        List<HistoryEntry> historyBefore = List.copyOf(history);
        try {
            return work.get();
        } catch (RuntimeException failure) {
            orders.clear();
            orders.putAll(ordersBefore);
            history.clear();
            history.addAll(historyBefore);
            throw failure;
        }
    }

    @Override
    public Locked lock(Map<OrderId, Purchase> wanted) {
        Map<OrderId, Order> locked = new HashMap<>();
        Set<OrderId> begun = new HashSet<>(wanted.keySet());
        begun.removeAll(orders.keySet());
        wanted.forEach((id, purchase) ->
                locked.put(id, orders.computeIfAbsent(id, key -> new Order(key, purchase, Map.of()))));
        return new LockedOrders(locked, begun);
    }

    @Override
    public Set<Arrival> known(Collection<Arrival> arrivals) {
        return history.stream()
                .map(entry -> new Arrival(entry.order(), entry.source()))
                .filter(arrivals::contains)
                .collect(toSet());
    }

    @Override
    public List<WithHistory> find(MallId mallId, OrderNo orderNo) {
        return orders.values().stream()
                .filter(order -> order.id().mallId().equals(mallId)
                        && order.id().orderNo().equals(orderNo))
                .sorted(Comparator.comparing(Order::id))
                .map(order -> new WithHistory(order, newest(order.id())))
                .toList();
    }

    @Override
    public List<ParkedChange> parked(WhichParked which, long after, int size) {
        return numbered(which).stream()
                .filter(parked -> parked.number() > after)
                .limit(size)
                .toList();
    }

    private List<ParkedChange> numbered(WhichParked which) {
        List<ParkedChange> parked = new ArrayList<>();
        for (int index = 0; index < history.size(); index++) {
            HistoryEntry entry = history.get(index);
            if (entry.kind() == HistoryEntry.Kind.PARKED
                    && (which.mallId() == null
                            || which.mallId().equals(entry.order().mallId()))
                    && (which.channel() == null
                            || which.channel() == entry.order().channel())
                    && (which.reason() == null || which.reason().equals(entry.reason()))) {
                parked.add(new ParkedChange(index + 1L, entry));
            }
        }
        return parked;
    }

    private List<HistoryEntry> newest(OrderId id) {
        List<HistoryEntry> all =
                history.stream().filter(entry -> entry.order().equals(id)).toList();
        return all.subList(Math.max(0, all.size() - 1_000), all.size());
    }

    private final class LockedOrders implements Locked {
        private final Map<OrderId, Order> locked;
        private final Set<OrderId> begun;

        LockedOrders(Map<OrderId, Order> locked, Set<OrderId> begun) {
            this.locked = locked;
            this.begun = begun;
        }

        @Override
        public boolean begun(OrderId orderId) {
            return begun.contains(orderId);
        }

        @Override
        public Map<OrderId, Order> orders() {
            return locked;
        }

        @Override
        public Optional<List<Change>> heard(OrderId orderId, LineId lineId) {
            return Optional.of(history.stream()
                    .filter(entry -> entry.order().equals(orderId) && lineId.equals(entry.lineId()))
                    .flatMap(entry -> entry.change().stream())
                    .toList());
        }

        @Override
        public List<ParkedChange> parked(WhichParked which, long first, long last) {
            return numbered(which).stream()
                    .filter(parked -> parked.number() >= first && parked.number() <= last)
                    .filter(parked -> locked.containsKey(parked.entry().order()))
                    .toList();
        }

        @Override
        public void save(Collection<Order> changed, List<HistoryEntry> happened, List<HistoryEntry> released) {
            changed.forEach(order -> orders.put(order.id(), order));
            released.forEach(entry ->
                    history.replaceAll(before -> before.order().equals(entry.order())
                                    && before.source().equals(entry.source())
                                    && before.part() == entry.part()
                            ? entry
                            : before));
            history.addAll(happened);
        }
    }

    private static final class InMemoryCodeMappings implements CodeMappings {
        private final Map<Channel, Map<String, CodeMapping>> mappings = new HashMap<>();

        @Override
        public Map<String, Meaning> of(Channel channel) {
            Map<String, Meaning> codes = new HashMap<>();
            mappings.getOrDefault(channel, Map.of()).forEach((code, mapping) -> codes.put(code, mapping.means()));
            return codes;
        }

        @Override
        public void put(CodeMapping mapping) {
            mappings.computeIfAbsent(mapping.channel(), key -> new HashMap<>()).put(mapping.code(), mapping);
        }

        @Override
        public List<CodeMapping> all() {
            return mappings.values().stream()
                    .flatMap(codes -> codes.values().stream())
                    .sorted(Comparator.comparing(
                                    (CodeMapping mapping) -> mapping.channel().name())
                            .thenComparing(CodeMapping::code))
                    .toList();
        }
    }

    private static final class InMemoryLaneChoices implements LaneChoices {
        private final Map<MallId, MallLanes> choices = new LinkedHashMap<>();

        @Override
        public List<MallLanes> all() {
            return choices.values().stream()
                    .sorted(Comparator.comparing(
                            choice -> Objects.requireNonNull(choice.mallId()).value()))
                    .toList();
        }

        @Override
        public void put(MallLanes choice) {
            choices.put(choice.mallId(), choice);
        }
    }
}
