package mallstream.order.application.port.in;

import java.util.List;
import mallstream.order.model.Channel;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.MallId;
import mallstream.order.model.Order;
import mallstream.order.model.OrderNo;
import org.jspecify.annotations.Nullable;

/** Shows an order and what happened to it. */
public interface ReadOrder {
    /**
     * Reads the order.
     *
     * @param mallId the mall
     * @param orderNo the order's number
     * @param channel its channel, or {@code null} for whichever has it
     * @return the order, or why there is none to show
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    Found read(MallId mallId, OrderNo orderNo, @Nullable Channel channel);

    /** What was found. */
    sealed interface Found {
        /**
         * One order.
         *
         * @param order the order
         * @param history its newest 1,000 entries, oldest first
         */
        record One(Order order, List<HistoryEntry> history) implements Found {}

        /** No such order. */
        record None() implements Found {}

        /**
         * Several channels have that number.
         *
         * @param channels two or more
         */
        record Several(List<Channel> channels) implements Found {}
    }
}
