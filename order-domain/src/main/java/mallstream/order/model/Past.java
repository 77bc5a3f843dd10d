package mallstream.order.model;

import java.util.List;
import java.util.Optional;

/** What was heard of an order's lines before. */
@FunctionalInterface
public interface Past {
    /**
     * All changes of a line that were understood, in the order of their arrival; what they said of goods may be unknown. It is asked for only where a change is
     * older than its line, or begins one, since it has to be looked up.
     *
     * @param lineId the line
     * @return the changes; empty where not all of them are known any more
     */
    Optional<List<Change>> of(LineId lineId);
}
