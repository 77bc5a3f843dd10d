package mallstream.order.application.port.out;

import mallstream.order.model.Channel;
import mallstream.order.model.MallId;

/** Hands a vendor-shaped order to the channel's stream. */
public interface PublishChannelOrders {
    /**
     * Returns once the order is safe with the broker, keyed by its mall.
     *
     * @param channel {@code GODOMALL} or {@code SHOPBY}
     * @param mallId the mall
     * @param body the vendor's JSON as it came, UTF-8
     * @throws mallstream.order.model.Unavailable if the broker did not confirm it in time; it may be there all the same
     */
    void publish(Channel channel, MallId mallId, byte[] body);
}
