package mallstream.kafka.order;

import java.time.Duration;
import java.util.List;
import mallstream.kafka.Topics;
import mallstream.kafka.consume.Decoder;
import mallstream.kafka.consume.Handler;
import mallstream.kafka.consume.HotKeys;
import mallstream.kafka.consume.InfrastructureUnavailable;
import mallstream.kafka.consume.Result;
import mallstream.kafka.consume.Subscription;
import mallstream.kafka.consume.Subscription.Batch;
import mallstream.kafka.consume.Subscription.StartPosition;
import mallstream.kafka.consume.Subscriptions;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.application.port.in.OrderLanes;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.model.Channel;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.MallId;
import mallstream.order.model.Unavailable;
import org.jspecify.annotations.Nullable;

/** A subscription for each channel that writes to Kafka. The bytes go on as they are: only the domain knows vendors. */
final class OrderBindings implements Subscriptions {
    /** A call is one transaction of half a dozen statements, whatever its size; more would keep cold malls waiting for it. */
    private static final Batch ORDERS = new Batch(500, Duration.ZERO);

    private final ApplyChannelOrders orders;
    private final OrderLanes lanes;

    OrderBindings(ApplyChannelOrders orders, OrderLanes lanes) {
        this.orders = orders;
        this.lanes = lanes;
    }

    @Override
    public List<Subscription<?>> all() {
        return List.of(
                bind("godomall", Topics.ORDER_GODOMALL_CHANGED, Channel.GODOMALL),
                bind("shopby", Topics.ORDER_SHOPBY_CHANGED, Channel.SHOPBY));
    }

    private Subscription<ChannelOrder> bind(String name, String topic, Channel channel) {
        return new Subscription<>(
                "order",
                name,
                topic,
                StartPosition.RETAINED,
                ORDERS,
                decoder(channel),
                handler(),
                orders.getClass(),
                true,
                received -> lane(channel, received),
                // A mall names a customer of the platform and no person.
                new HotKeys("mall", OrderBindings::isMall, this::remedy));
    }

    private @Nullable String lane(Channel channel, Decoder.Received received) {
        String mall = received.key();
        return mall == null || !lanes.sideBySide(mall) ? null : lanes.within(channel, mall, received.value());
    }

    private static boolean isMall(String key) {
        try {
            return new MallId(key).value().equals(key);
        } catch (InvalidValue e) {
            return false;
        }
    }

    private @Nullable String remedy(String mall) {
        return lanes.sideBySide(mall)
                ? null
                : "lanes per order would let its orders run side by side: POST /actuator/orders/lanes/" + mall
                        + " {\"lanes\":\"order\"}";
    }

    private static Decoder<ChannelOrder> decoder(Channel channel) {
        return received -> {
            if (received.key() == null) {
                throw new Decoder.Malformed("bad-mall-key");
            }
            try {
                return new ChannelOrder(
                        channel,
                        new MallId(received.key()),
                        received.value(),
                        received.timestamp(),
                        new Source(received.topic(), received.partition(), received.offset()));
            } catch (InvalidValue e) {
                throw new Decoder.Malformed("bad-mall-key");
            }
        };
    }

    private Handler<ChannelOrder> handler() {
        return events -> {
            try {
                return orders.apply(events).stream().map(OrderBindings::result).toList();
            } catch (Unavailable e) {
                throw new InfrastructureUnavailable(e);
            }
        };
    }

    private static Result result(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done ignored -> new Result.Done();
            case Outcome.AlreadyDone ignored -> new Result.AlreadyDone();
            case Outcome.Refused refused -> new Result.Refused(refused.why());
            case Outcome.TryLater later -> new Result.TryLater(later.after());
        };
    }
}
