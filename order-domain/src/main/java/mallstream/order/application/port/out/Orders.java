package mallstream.order.application.port.out;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Position;

/** All orders and their history. Every call belongs inside {@link Transactions#inOne}. */
public interface Orders {
    /**
     * Takes the orders for this transaction; others who want one of them wait for its end. An order that nobody knows
     * begins without lines. The locks are taken in the order of the ids, so that two transactions never wait for each
     * other.
     *
     * @param ids at least one
     * @return every one of the orders
     */
    Map<OrderId, Order> lock(Set<OrderId> ids);

    /**
     * Which of the arrivals have history already. Ask only after the orders are locked.
     *
     * @param arrivals any number
     * @return those that are known
     */
    Set<Arrival> known(Collection<Arrival> arrivals);

    /**
     * Stores locked orders and what happened to them.
     *
     * @param orders orders as they stand now
     * @param history what happened, in order
     */
    void save(Collection<Order> orders, List<HistoryEntry> history);

    /**
     * The orders of a mall with that number, one per channel that has it.
     *
     * @param mallId the mall
     * @param orderNo the number
     * @return the orders, by channel, each with its newest 1,000 entries of history, oldest first
     */
    List<WithHistory> find(MallId mallId, OrderNo orderNo);

    /**
     * A record that told about an order. The order is part of it, because a topic that was made anew starts again at
     * offset 0 and must not be taken for what the old one held.
     *
     * @param order the order
     * @param source the record
     */
    record Arrival(OrderId order, Position source) {}

    /**
     * An order and what happened to it.
     *
     * @param order the order
     * @param history oldest first
     */
    record WithHistory(Order order, List<HistoryEntry> history) {}
}
