package mallstream.order.application.port.out;

import java.util.List;
import mallstream.order.model.MallLanes;

/** The lanes that operators chose. Every call belongs inside {@link Transactions#inOne}. */
public interface LaneChoices {
    /** All of them. */
    List<MallLanes> all();

    /**
     * Keeps a choice in place of the one before.
     *
     * @param choice the mall and its lanes, with who and when
     */
    void put(MallLanes choice);
}
