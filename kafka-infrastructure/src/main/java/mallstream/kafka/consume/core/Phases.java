package mallstream.kafka.consume.core;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one key whose lane can be split. What is received of it comes in phases: one lane for the whole key, then one
 * lane for each part, then one for the whole again, as often as that changes. Only the oldest phase is worked on; the next
 * one waits until nothing of it is held any more. So nothing overtakes across a change, and a change takes effect within
 * what is held at that moment, however much comes behind.
 *
 * <p>A phase knows nothing but how many records are held in it. Whatever ends a record, be it the handler, a burial or the loss
 * of its partition, takes it off that number, and a call that outlives its partition counts until it ends.
 *
 * @param <R> the records
 */
final class Phases<R> {
    final Object key;
    /** Oldest first; one that holds nothing is not in it. */
    private final ArrayDeque<Phase<R>> phases = new ArrayDeque<>(2);

    Phases(Object key) {
        this.key = key;
    }

    /** The lane of a record that was received now. */
    Lane<R> lane(@Nullable Object part) {
        Phase<R> newest = phases.peekLast();
        if (newest == null || newest.split != (part != null)) {
            newest = new Phase<>(this, part != null);
            phases.addLast(newest);
        }
        return newest.lane(part);
    }

    /**
     * Nothing is held in a phase any more.
     *
     * @return the phase that may be worked on because of that; null: none
     */
    @Nullable
    Phase<R> over(Phase<R> phase) {
        boolean oldest = phases.peekFirst() == phase;
        phases.remove(phase);
        return oldest ? phases.peekFirst() : null;
    }

    /** Whether nothing of the key is held. */
    boolean isEmpty() {
        return phases.isEmpty();
    }

    /** Records held. */
    int held() {
        return phases.stream().mapToInt(each -> each.held).sum();
    }

    /** Records in its lanes. */
    int queued() {
        return phases.stream()
                .flatMap(each -> each.lanes().stream())
                .mapToInt(Lane::size)
                .sum();
    }

    /** When the oldest record in its lanes was received; {@link Long#MAX_VALUE}: there is none. */
    long oldestQueued() {
        return phases.stream()
                .flatMap(each -> each.lanes().stream())
                .mapToLong(Lane::oldestQueued)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * What was received of the key without a change between whole and parts. Its lanes are its own: the lane of the whole key in
     * the next phase but one is another lane.
     *
     * @param <R> the records
     */
    static final class Phase<R> {
        final Phases<R> of;
        private final boolean split;
        /** Of a phase that is not split. */
        private final @Nullable Lane<R> whole;
        /** Of one that is, in the order in which they began, so that they are let go on in it. */
        private final Map<Object, Lane<R>> parts;

        int held;

        private Phase(Phases<R> of, boolean split) {
            this.of = of;
            this.split = split;
            this.whole = split ? null : new Lane<>(of.key, null, this);
            this.parts = split ? new LinkedHashMap<>() : Map.of();
        }

        private Lane<R> lane(@Nullable Object part) {
            if (part == null) {
                return Objects.requireNonNull(whole);
            }
            return parts.computeIfAbsent(part, key -> new Lane<>(of.key, key, this));
        }

        /** An earlier phase still holds something. */
        boolean blocked() {
            return of.phases.peekFirst() != this;
        }

        /** A lane is empty, and most parts never come again. */
        void forget(Lane<R> lane) {
            if (lane.part != null) {
                parts.remove(lane.part, lane);
            }
        }

        /** Its lanes as they are now. */
        List<Lane<R>> lanes() {
            return whole == null ? List.copyOf(parts.values()) : List.of(whole);
        }
    }
}
