package mallstream.order.application.port.out;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mallstream.order.model.Change;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Position;
import mallstream.order.model.Purchase;
import mallstream.order.model.WhichParked;

/** All orders and their history. Every call belongs inside {@link Transactions#inOne}. */
public interface Orders {
    /**
     * Takes orders for this transaction; others who want one of them wait for its end. The locks are taken in the order of
     * the ids, so that two transactions never wait for each other.
     *
     * @param wanted at least one, each with what is said of it as a whole; an order that nobody knows begins with that and
     *     without lines
     * @return every one of the orders
     */
    Locked lock(Map<OrderId, Purchase> wanted);

    /**
     * Which of the arrivals have history already. Whoever is going to write asks only after the orders are locked.
     *
     * @param arrivals any number
     * @return those that are known
     */
    Set<Arrival> known(Collection<Arrival> arrivals);

    /**
     * The orders of a mall with that number, one per channel that has it.
     *
     * @param mallId the mall
     * @param orderNo the number
     * @return the orders, by channel, each with its newest 1,000 entries of history, oldest first
     */
    List<WithHistory> find(MallId mallId, OrderNo orderNo);

    /**
     * What is parked, oldest first.
     *
     * @param which what to look for
     * @param after the number after which the page begins; 0: the first page
     * @param size most entries of the page, 1 to 1,000
     * @return the page
     */
    List<ParkedChange> parked(WhichParked which, long after, int size);

    /** Orders that this transaction has locked. */
    interface Locked {
        /** The orders as they were when they were locked. */
        Map<OrderId, Order> orders();

        /**
         * Whether this transaction began an order: then nobody has told of it before.
         *
         * @param orderId one of the orders
         * @return whether it did
         */
        boolean begun(OrderId orderId);

        /**
         * All changes of a line that were understood, in the order of their arrival.
         *
         * @param orderId one of the orders
         * @param lineId any line
         * @return the changes; empty where some were stored by a version that did not keep them
         */
        Optional<List<Change>> heard(OrderId orderId, LineId lineId);

        /**
         * What is parked of these orders, in the order of its arrival.
         *
         * @param which what to look for
         * @param first the lowest number to look at
         * @param last the highest number to look at
         * @return the entries
         */
        List<ParkedChange> parked(WhichParked which, long first, long last);

        /**
         * Stores what became of the orders.
         *
         * @param changed orders as they stand now; those that are as they were cost nothing
         * @param history what happened, in order
         * @param released entries that were parked, as they are now
         */
        void save(Collection<Order> changed, List<HistoryEntry> history, List<HistoryEntry> released);
    }

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
