package mallstream.kafka.order;

import java.util.List;
import mallstream.order.application.port.in.OrderLanes;
import mallstream.order.model.Channel;
import mallstream.order.model.Lanes;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;

/** Lanes of malls of which one, {@code hot-mall}, has its orders side by side. */
public final class OneHotMall implements OrderLanes {
    @Override
    public String within(Channel channel, String mallKey, byte[] body) {
        return channel + " " + mallKey + " " + body.length;
    }

    @Override
    public boolean sideBySide(String mallKey) {
        return mallKey.equals("hot-mall");
    }

    @Override
    public void refresh() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<MallLanes> chosen() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void choose(MallId mallId, Lanes lanes, String by) {
        throw new UnsupportedOperationException();
    }
}
