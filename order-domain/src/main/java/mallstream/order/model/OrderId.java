package mallstream.order.model;

import java.util.Comparator;

/**
 * An order's identity. The channel is part of it, because two channels of one mall may give out the same number.
 *
 * @param channel where the order comes from
 * @param mallId whose order it is
 * @param orderNo its number there
 */
public record OrderId(Channel channel, MallId mallId, OrderNo orderNo) implements Comparable<OrderId> {
    private static final Comparator<OrderId> BY_MALL_NUMBER_CHANNEL = Comparator.<OrderId, String>comparing(
                    id -> id.mallId().value())
            .thenComparing(id -> id.orderNo().value())
            .thenComparing(id -> id.channel().name());

    @Override
    public int compareTo(OrderId other) {
        return BY_MALL_NUMBER_CHANNEL.compare(this, other);
    }
}
