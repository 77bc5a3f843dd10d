package mallstream.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mallstream.conformance.Event.Place;
import org.jspecify.annotations.Nullable;

/** Reads a history once, from its begin, and finds what must not be. It keeps what it knows at the event it is at. */
final class Judge {
    /** A run of a key's records: the order in which they were sent. */
    private final Map<String, List<Place>> keys = new HashMap<>();

    private final Map<Integer, List<Place>> partitions = new HashMap<>();
    private final Map<Place, Integer> turns = new HashMap<>();
    private final int bound;
    private final int attempts;

    private final Set<Place> finished = new HashSet<>();
    /** What need not come. */
    private final Set<Place> excused = new HashSet<>();

    private final Set<Place> removed = new HashSet<>();
    private final Map<Place, Integer> failed = new HashMap<>();
    /** By key the turn that began last, and whether its call has come to an end that lets the next one begin. */
    private final Map<String, Integer> turn = new HashMap<>();

    private final Map<String, Boolean> over = new HashMap<>();
    private final Map<String, Integer> running = new HashMap<>();
    /** Where a replay may go back to. */
    private final Map<Integer, Long> committed = new HashMap<>();

    private final Map<String, Map<Integer, Long>> ofEpoch = new HashMap<>();
    private final Map<String, Map<Integer, Set<Long>>> held = new HashMap<>();
    private final Set<Spot> done = new HashSet<>();
    private final IdentityHashMap<Event.Received, Set<Long>> comesAgain = new IdentityHashMap<>();
    private final Set<String> paused = new HashSet<>();

    private final Map<Oracle, Integer> counts = new TreeMap<>();
    private final Set<Place> early = new HashSet<>();
    private int mostHeld;

    /** A place without its key. */
    private record Spot(int partition, long offset) {}

    /**
     * @param records all that are visible, by partition in the order of their offsets
     * @param bound most records that a member may hold
     * @param attempts failed calls after which a record is given up
     */
    Judge(List<Place> records, int bound, int attempts) {
        this.bound = bound;
        this.attempts = attempts;
        for (Place each : records) {
            List<Place> ofKey = keys.computeIfAbsent(each.key(), any -> new ArrayList<>());
            turns.put(each, ofKey.size());
            ofKey.add(each);
            partitions
                    .computeIfAbsent(each.partition(), any -> new ArrayList<>())
                    .add(each);
        }
    }

    /**
     * @param events all that happened
     * @return what must not be, an oracle at most once
     */
    List<Finding> findings(List<Event> events) {
        lookAhead(events);
        events.forEach(this::next);
        long lost = turns.keySet().stream()
                .filter(each -> !finished.contains(each) && !excused.contains(each))
                .count();
        List<Finding> found = new ArrayList<>();
        if (lost > 0) {
            found.add(new Finding(Oracle.LOSS, lost + " of " + turns.size() + " records were never finished"));
        }
        counts.forEach((oracle, count) -> found.add(new Finding(oracle, evidence(oracle, count, events))));
        if (!early.isEmpty()) {
            found.add(new Finding(
                    Oracle.COMMIT, early.size() + " records were below a commit before they were finished"));
        }
        if (mostHeld > bound) {
            found.add(new Finding(Oracle.HELD, "most held " + mostHeld + ", bound " + bound));
        }
        return found;
    }

    /** Finds which of the received records begin in the same epoch. */
    private void lookAhead(List<Event> events) {
        Map<String, Map<Integer, Set<Long>>> begun = new HashMap<>();
        for (int i = events.size() - 1; i >= 0; i--) {
            Event event = events.get(i);
            if (event instanceof Event.Begun each) {
                begun.computeIfAbsent(each.member(), any -> new HashMap<>())
                        .computeIfAbsent(each.place().partition(), any -> new HashSet<>())
                        .add(each.place().offset());
            } else if (event instanceof Event.Received received) {
                Set<Long> later =
                        begun.getOrDefault(received.member(), Map.of()).getOrDefault(received.partition(), Set.of());
                comesAgain.put(
                        received,
                        received.offsets().stream().filter(later::contains).collect(Collectors.toSet()));
            } else if (event instanceof Event.Assigned some) {
                some.partitions().forEach(each -> remove(begun.get(some.member()), each));
            }
        }
    }

    private static String evidence(Oracle oracle, int count, List<Event> events) {
        long calls = events.stream().filter(Event.Begun.class::isInstance).count();
        if (oracle == Oracle.MONOTONIC) {
            return count + " commits went back";
        }
        if (oracle == Oracle.VISIBLE) {
            return count + " of " + calls + " calls got a record that is not visible";
        }
        return count + " of " + calls + " calls"
                + switch (oracle) {
                    case ORDER -> " were out of turn";
                    case OVERLAP -> " began beside another one of their key";
                    case PAUSED -> " began during a pause";
                    default -> "";
                };
    }

    private void next(Event event) {
        if (event instanceof Event.Begun begun) {
            begins(begun);
        } else if (event instanceof Event.Ended ended) {
            ends(ended);
        } else if (event instanceof Event.Received received) {
            receives(received);
        } else if (event instanceof Event.Committed commit) {
            commit.offsets().forEach((partition, offset) -> {
                Map<Integer, Long> last = ofEpoch.computeIfAbsent(commit.member(), any -> new HashMap<>());
                Long before = last.put(partition, offset);
                if (before != null && before > offset) {
                    count(Oracle.MONOTONIC);
                }
                committed(partition, offset);
            });
        } else if (event instanceof Event.Seen seen) {
            seen.offsets().forEach(this::committed);
        } else if (event instanceof Event.Assigned some) {
            some.partitions().forEach(each -> forget(some.member(), each));
        } else if (event instanceof Event.Gone some) {
            some.partitions().forEach(each -> forget(some.member(), each));
        } else if (event instanceof Event.Moved moved) {
            moved.offsets().forEach(this::moved);
        } else if (event instanceof Event.Removed some) {
            some.offsets().forEach((partition, offset) -> removed.addAll(excuse(partition, offset)));
        } else if (event instanceof Event.Forgotten) {
            committed.clear();
        } else if (event instanceof Event.Paused pause) {
            paused.add(pause.member());
        } else if (event instanceof Event.Resumed pause) {
            paused.remove(pause.member());
        }
    }

    private void begins(Event.Begun begun) {
        Place place = begun.place();
        if (paused.contains(begun.member())) {
            count(Oracle.PAUSED);
        }
        Integer at = turns.get(place);
        if (at == null) {
            count(Oracle.VISIBLE);
            return;
        }
        if (running.merge(place.key(), 1, Integer::sum) > 1) {
            count(Oracle.OVERLAP);
        }
        int last = turn.getOrDefault(place.key(), -1);
        boolean next = follows(place.key(), last, at) && over.getOrDefault(place.key(), true);
        boolean retried = at == last && !finished.contains(place);
        boolean replayed = at <= last && finished.contains(place) && place.offset() >= stands(place.partition());
        if (!next && !retried && !replayed) {
            count(Oracle.ORDER);
        }
        turn.put(place.key(), at);
        over.put(place.key(), false);
    }

    /** What was removed between the two may have been seen or not. */
    private boolean follows(String key, int last, int at) {
        return at > last
                && keys.getOrDefault(key, List.of()).subList(last + 1, at).stream()
                        .allMatch(removed::contains);
    }

    private long stands(int partition) {
        return committed.getOrDefault(partition, 0L);
    }

    private void ends(Event.Ended ended) {
        Place place = ended.place();
        if (!turns.containsKey(place)) {
            return;
        }
        running.merge(place.key(), -1, Integer::sum);
        if (!ended.done() && failed.merge(place, 1, Integer::sum) < attempts) {
            return;
        }
        finished.add(place);
        done.add(new Spot(place.partition(), place.offset()));
        over.put(place.key(), true);
        Map<Integer, Set<Long>> mine = held.get(ended.member());
        Set<Long> some = mine == null ? null : mine.get(place.partition());
        if (some != null) {
            some.remove(place.offset());
        }
    }

    /** A record that was finished before and does not come again was put aside at once, and is not held. */
    private void receives(Event.Received received) {
        Map<Integer, Set<Long>> mine = held.computeIfAbsent(received.member(), any -> new HashMap<>());
        Set<Long> some = mine.computeIfAbsent(received.partition(), any -> new HashSet<>());
        Set<Long> again = comesAgain.getOrDefault(received, Set.of());
        for (Long offset : received.offsets()) {
            if (again.contains(offset) || !done.contains(new Spot(received.partition(), offset))) {
                some.add(offset);
            }
        }
        mostHeld = Math.max(mostHeld, mine.values().stream().mapToInt(Set::size).sum());
    }

    private void forget(String member, int partition) {
        remove(ofEpoch.get(member), partition);
        remove(held.get(member), partition);
    }

    private static void remove(@Nullable Map<Integer, ?> of, int partition) {
        if (of != null) {
            of.remove(partition);
        }
    }

    private void committed(int partition, long offset) {
        committed.put(partition, offset);
        for (Place each : partitions.getOrDefault(partition, List.of())) {
            if (each.offset() >= offset) {
                break;
            }
            if (!finished.contains(each) && !excused.contains(each)) {
                early.add(each);
            }
        }
    }

    /** An operator's move down lets all come again; one up lets some never come. Either begins new epochs. */
    private void moved(int partition, long to) {
        excuse(partition, to);
        committed.put(partition, to);
        ofEpoch.values().forEach(each -> each.remove(partition));
        Set<String> touched = partitions.getOrDefault(partition, List.of()).stream()
                .map(Place::key)
                .collect(Collectors.toSet());
        for (String key : touched) {
            turn.put(
                    key,
                    (int) keys.getOrDefault(key, List.of()).stream()
                                    .filter(each -> each.offset() < to)
                                    .count()
                            - 1);
            over.put(key, true);
        }
    }

    private List<Place> excuse(int partition, long below) {
        List<Place> found = partitions.getOrDefault(partition, List.of()).stream()
                .filter(each -> each.offset() < below)
                .toList();
        excused.addAll(found);
        return found;
    }

    private void count(Oracle oracle) {
        counts.merge(oracle, 1, Integer::sum);
    }
}
