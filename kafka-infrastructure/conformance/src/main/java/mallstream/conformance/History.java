package mallstream.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.conformance.Event.Assigned;
import mallstream.conformance.Event.Begun;
import mallstream.conformance.Event.Ended;
import mallstream.conformance.Event.Gone;
import mallstream.conformance.Event.Place;

/** All that happened, in one order. Any number of threads may add to it; an end is added before its call returns. */
final class History {
    private final List<Event> events = new ArrayList<>();
    private final Set<Place> done = new HashSet<>();
    private final Map<Place, Integer> begun = new HashMap<>();
    private final Map<String, Set<Integer>> assigned = new HashMap<>();

    synchronized void add(Event event) {
        events.add(event);
        if (event instanceof Ended ended && ended.done()) {
            done.add(ended.place());
        } else if (event instanceof Begun begins) {
            begun.merge(begins.place(), 1, Integer::sum);
        } else if (event instanceof Assigned some) {
            partitions(some.member()).addAll(some.partitions());
        } else if (event instanceof Gone some) {
            partitions(some.member()).removeAll(some.partitions());
        }
    }

    private Set<Integer> partitions(String member) {
        return assigned.computeIfAbsent(member, any -> new HashSet<>());
    }

    /** All that there is until now. */
    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** Different records that were handled. */
    synchronized int done() {
        return done.size();
    }

    /** How often a call began for a record. */
    synchronized int begun(Place place) {
        return begun.getOrDefault(place, 0);
    }

    /** Whether a record was handled. */
    synchronized boolean done(Place place) {
        return done.contains(place);
    }

    /** How many partitions a member has. */
    synchronized int assigned(String member) {
        return partitions(member).size();
    }
}
