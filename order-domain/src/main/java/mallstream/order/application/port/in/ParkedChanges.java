package mallstream.order.application.port.in;

import java.util.List;
import mallstream.order.model.Channel;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.Meaning;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.WhichParked;

/**
 * What channels said and nobody understood: it waits in the history until a code is explained, or a newer version of the
 * platform understands it, and is released then.
 */
public interface ParkedChanges {
    /**
     * What waits, oldest first.
     *
     * @param which what to look for
     * @param after the number after which the page begins; 0: the first page
     * @param size most entries of the page, 1 to 1,000
     * @return the page
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    List<ParkedChange> list(WhichParked which, long after, int size);

    /**
     * Reads everything again that waits, each order's in the order in which it came. What is understood now takes its place
     * among the order's other changes by the source's time, as if it had been understood at once; among changes of the very
     * same moment it counts as the last.
     *
     * @param which what to release
     * @return what came of it
     * @throws mallstream.order.model.Unavailable if the database could not be reached; what was released until then stays
     *     so, and the rest is released by another call
     */
    Released release(WhichParked which);

    /**
     * Explains a code for all orders from now on; what waits is not touched until it is released.
     *
     * @param channel whose code
     * @param code the code as the channel writes it, 1 to 64 plain characters
     * @param means what it means
     * @param by the name of the operator's key
     * @throws mallstream.order.model.InvalidValue if the code has another form, or the channel's reader knows it by itself
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    void explain(Channel channel, String code, Meaning means, String by);

    /**
     * The codes that operators explained, by channel and code.
     *
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    List<CodeMapping> explained();

    /**
     * What a release did.
     *
     * @param applied changes that changed their line
     * @param ignored changes that were understood and made no difference any more
     * @param parked changes that still wait
     */
    record Released(int applied, int ignored, int parked) {}
}
