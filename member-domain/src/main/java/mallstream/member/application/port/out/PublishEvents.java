package mallstream.member.application.port.out;

import java.util.List;
import mallstream.member.model.Event;

/** Hands events to everybody who listens. */
public interface PublishEvents {
    /**
     * Publishes and waits until each event is safe or has failed. Events of one member are published in the order of
     * the list; after one that failed, the later ones of that member are not tried.
     *
     * @param events any number
     * @return for each event, in order, whether it is safe with the broker; {@code false} means it may come again
     */
    List<Boolean> publish(List<? extends Event> events);
}
