package mallstream.order.application.port.out;

import java.util.List;
import java.util.Map;
import mallstream.order.model.Channel;
import mallstream.order.model.CodeMapping;
import mallstream.order.model.Meaning;

/** What operators said of codes that the readers do not know. Every call belongs inside {@link Transactions#inOne}. */
public interface CodeMappings {
    /**
     * The codes of a channel that were explained.
     *
     * @param channel the channel
     * @return code to meaning
     */
    Map<String, Meaning> of(Channel channel);

    /**
     * Explains a code; what was said of it before is replaced.
     *
     * @param mapping the code and what it means
     */
    void put(CodeMapping mapping);

    /** All of them, by channel and code. */
    List<CodeMapping> all();
}
