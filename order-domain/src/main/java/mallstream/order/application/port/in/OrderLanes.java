package mallstream.order.application.port.in;

import java.util.List;
import mallstream.order.model.Channel;
import mallstream.order.model.Lanes;
import mallstream.order.model.MallId;
import mallstream.order.model.MallLanes;

/** What of a mall is applied in order: all of it, or each order for itself. */
public interface OrderLanes {
    /**
     * The lane of a vendor-shaped order in a mall whose orders run side by side. It asks no database and waits for nothing.
     *
     * @param channel whose shape it has
     * @param mallKey the key that it came with
     * @param body the vendor's JSON as it came
     * @return the order's number; {@code ?} for all bodies that name none
     */
    String within(Channel channel, String mallKey, byte[] body);

    /**
     * Whether a mall's orders run side by side. It asks no database and waits for nothing.
     *
     * @param mallKey the key that its orders come with
     */
    boolean sideBySide(String mallKey);

    /**
     * Looks up what was chosen, here and by other instances; to be called every few seconds.
     *
     * @throws mallstream.order.model.Unavailable if the database could not be reached; what was known holds on
     */
    void refresh();

    /** Malls whose lanes were chosen by settings or by an operator, by mall; all others are {@code MALL}. */
    List<MallLanes> chosen();

    /**
     * Chooses a mall's lanes. Every instance follows within 5 s, records that are under way included: none overtakes
     * another of its order or, back again, of its mall.
     *
     * @param mallId the mall
     * @param lanes what is applied in order from now on
     * @param by the name of the operator's key
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    void choose(MallId mallId, Lanes lanes, String by);
}
