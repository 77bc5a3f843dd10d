package mallstream.order.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import mallstream.order.application.port.out.PublishChannelOrders;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;
import mallstream.order.model.Unavailable;

/** A stream that remembers what was published, or fails. */
public final class RecordedOrders implements PublishChannelOrders {
    private final List<Published> published = new CopyOnWriteArrayList<>();
    private final AtomicBoolean down = new AtomicBoolean();

    @Override
    public void publish(Channel channel, MallId mallId, byte[] body) {
        if (down.get()) {
            throw new Unavailable("broker", new IllegalStateException("on purpose"));
        }
        published.add(new Published(channel, mallId, body));
    }

    /** What was published, in order. */
    public List<Published> all() {
        return published;
    }

    /** From now on the broker is down, or up again. */
    public void breakDown(boolean broken) {
        down.set(broken);
    }

    /** One order that was published. */
    public record Published(Channel channel, MallId mallId, byte[] body) {}
}
