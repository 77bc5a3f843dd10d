package mallstream.order.testing;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;

/** Orders and transactions in memory: one transaction at a time, undone if it throws. */
public final class InMemoryOrders implements Orders, Transactions {
    private final ReentrantLock one = new ReentrantLock();
    private final Map<OrderId, Order> orders = new HashMap<>();
    private final List<HistoryEntry> history = new ArrayList<>();

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
    public Map<OrderId, Order> lock(Set<OrderId> ids) {
        Map<OrderId, Order> locked = new HashMap<>();
        ids.forEach(id -> locked.put(id, orders.computeIfAbsent(id, key -> new Order(key, Map.of()))));
        return locked;
    }

    @Override
    public Set<Arrival> known(Collection<Arrival> arrivals) {
        return history.stream()
                .map(entry -> new Arrival(entry.order(), entry.source()))
                .filter(arrivals::contains)
                .collect(toSet());
    }

    @Override
    public void save(Collection<Order> changed, List<HistoryEntry> happened) {
        changed.forEach(order -> orders.put(order.id(), order));
        history.addAll(happened);
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

    private List<HistoryEntry> newest(OrderId id) {
        List<HistoryEntry> all =
                history.stream().filter(entry -> entry.order().equals(id)).toList();
        return all.subList(Math.max(0, all.size() - 1_000), all.size());
    }
}
