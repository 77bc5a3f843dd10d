package mallstream.order.application.port.in;

import java.time.Instant;
import java.util.List;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;

/** Applies orders as their channel wrote them. */
public interface ApplyChannelOrders {
    /**
     * Reads and applies vendor-shaped orders in the order of the list. What a channel says that cannot be understood is
     * parked in the history; only what is not JSON, or names no order, is refused.
     *
     * @param orders at least one; those of one mall are in the order in which the mall's channel wrote them, and may
     *     come again with the same position
     * @return an outcome per order, in the order of the list
     * @throws mallstream.order.model.Unavailable if the infrastructure failed; all orders come again, free of charge
     */
    List<Outcome> apply(List<ChannelOrder> orders);

    /**
     * One vendor-shaped order.
     *
     * @param channel whose shape it has
     * @param mallId the mall it was keyed by
     * @param body the vendor's JSON as it came, UTF-8
     * @param recordedAt time stamp of the record
     * @param source where it was read; the same source again changes nothing and writes no history
     */
    record ChannelOrder(Channel channel, MallId mallId, byte[] body, Instant recordedAt, Source source) {
        @Override
        public String toString() {
            return "ChannelOrder[" + channel + ", " + mallId + ", " + source + "]";
        }
    }

    /**
     * A place in a stream of orders.
     *
     * @param stream name of the topic, or of the feed that was pulled
     * @param partition 0 or more
     * @param offset 0 or more
     */
    record Source(String stream, int partition, long offset) {}
}
