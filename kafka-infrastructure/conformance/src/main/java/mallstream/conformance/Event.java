package mallstream.conformance;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Something that happened in a scenario. */
sealed interface Event {
    /**
     * A record and its place.
     *
     * @param partition its partition
     * @param offset its offset
     * @param key its key; all records of a key have one partition
     */
    record Place(int partition, long offset, String key) {}

    /** The member begins a partition's epoch. */
    record Assigned(String member, Set<Integer> partitions) implements Event {}

    /** The member's epoch of a partition has ended, in whichever way. */
    record Gone(String member, Set<Integer> partitions) implements Event {}

    /** The member's client gave it records of one partition. */
    record Received(String member, int partition, List<Long> offsets) implements Event {}

    /** A call of the handler begins. */
    record Begun(String member, Place place) implements Event {}

    /** The call has ended. */
    record Ended(String member, Place place, boolean done) implements Event {}

    /** The member's client says that the broker took a commit: by partition the offset. */
    record Committed(String member, Map<Integer, Long> offsets) implements Event {}

    /** The broker says where the group stands: by partition the offset. */
    record Seen(Map<Integer, Long> offsets) implements Event {}

    /** From now on the group may be found somewhere else: by partition the offset. */
    record Moved(Map<Integer, Long> offsets) implements Event {}

    /** The group's offsets were removed, so all of the topic may come again. */
    record Forgotten() implements Event {}

    /** All records below an offset were removed: by partition the offset. */
    record Removed(Map<Integer, Long> offsets) implements Event {}

    /** The member has agreed to begin nothing. */
    record Paused(String member) implements Event {}

    /** The member may begin something again. */
    record Resumed(String member) implements Event {}
}
