package mallstream.kafka.consume;

import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.config.ConfigException;

/**
 * Assigns like the cooperative sticky assignor, under the owner's name. The broker lets nobody into a group who shares no
 * assignor's name with its members: a service with a copied group id fails at its own start, and ours notice nothing.
 *
 * <p>Every member of a group must have it as its only assignor; with a usual one beside it the wall would have a door.
 */
public final class OwnerAssignor extends CooperativeStickyAssignor implements Configurable {
    /** The consumer's setting that names the owner: the application and its subscription. */
    public static final String OWNER = "mallstream.owner";

    private String owner = "";

    /** For the client, which configures it next. */
    public OwnerAssignor() {}

    /** @throws ConfigException if there is no owner in the settings */
    @Override
    public void configure(Map<String, ?> settings) {
        if (!(settings.get(OWNER) instanceof String name) || name.isBlank()) {
            throw new ConfigException(OWNER, settings.get(OWNER), "names whose group it is and must not be empty");
        }
        owner = name;
    }

    @Override
    public String name() {
        return owner;
    }
}
