package mallstream.kafka.consume.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a subscription of this instance is in its group or, because of a stranger, in its shadow group. Each instance
 * goes by what it sees itself: while some have moved and others not, a record may be handled twice, and none is lost.
 *
 * <p>It is told from several threads. Its times are nanoseconds of one monotonic clock.
 */
public final class Rescue {
    private final long quiet;
    private final Map<Who, Sighting> present = new LinkedHashMap<>();
    private State state = State.NORMAL;
    private long since;
    private @Nullable Long quietSince;

    /** @param quiet how long nobody must have been seen before the subscription goes back to its group */
    public Rescue(Duration quiet) {
        this.quiet = quiet.toNanos();
    }

    /**
     * A look at the group has succeeded.
     *
     * @param strangers the members that are not ours; empty: there are none
     * @param now when it was
     * @return what follows
     */
    public synchronized Change seen(List<Stranger> strangers, long now) {
        List<Stranger> arrived = new ArrayList<>();
        Map<Who, Sighting> seen = new LinkedHashMap<>();
        for (Stranger each : strangers) {
            Who who = new Who(each.clientId, each.host);
            Sighting before = present.get(who);
            if (before == null && !seen.containsKey(who)) {
                arrived.add(each);
            }
            seen.merge(who, new Sighting(each, before == null ? now : before.since), Rescue::together);
        }
        List<Stranger> left = present.entrySet().stream()
                .filter(each -> !seen.containsKey(each.getKey()))
                .map(each -> each.getValue().stranger)
                .toList();
        present.clear();
        present.putAll(seen);

        boolean moved = seen.isEmpty() ? returned(now) : rescued(now);
        return new Change(state, moved, List.copyOf(arrived), left);
    }

    /**
     * The broker has not let us into our group: members of another owner are there, whether a look has named them or not.
     *
     * @param now when it was
     * @return what follows
     */
    public synchronized Change refused(long now) {
        boolean moved = rescued(now);
        return new Change(state, moved, List.of(), List.of());
    }

    /**
     * A look at the group has failed. Who was there counts as being there still, and a quiet time that had begun proves
     * nothing any more.
     */
    public synchronized void lookFailed() {
        quietSince = null;
    }

    /** Where the subscription belongs, and because of whom. */
    public synchronized Status status() {
        return new Status(state, since, List.copyOf(present.values()), quietSince);
    }

    private boolean rescued(long now) {
        quietSince = null;
        if (state == State.RESCUED) {
            return false;
        }
        state = State.RESCUED;
        since = now;
        return true;
    }

    private boolean returned(long now) {
        if (state == State.NORMAL) {
            return false;
        }
        if (quietSince == null) {
            quietSince = now;
        }
        if (now - quietSince < quiet) {
            return false;
        }
        quietSince = null;
        state = State.NORMAL;
        since = now;
        return true;
    }

    /** Consumers of one process may share a client id; for us they are one stranger. */
    private static Sighting together(Sighting one, Sighting other) {
        Set<String> partitions = new LinkedHashSet<>(one.stranger.partitions);
        partitions.addAll(other.stranger.partitions);
        return new Sighting(new Stranger(one.stranger.clientId, one.stranger.host, List.copyOf(partitions)), one.since);
    }

    private record Who(String clientId, String host) {}

    /** Where a subscription belongs. */
    public enum State {
        /** In its group. */
        NORMAL,
        /** In its shadow group. */
        RESCUED
    }

    /**
     * A member of the group that is not ours.
     *
     * @param clientId its client id
     * @param host where it runs
     * @param partitions what it has, as {@code topic-number}; empty: nothing
     */
    public record Stranger(String clientId, String host, List<String> partitions) {}

    /**
     * A stranger that is there.
     *
     * @param stranger as it was seen last
     * @param since when it was first seen without having been missed since
     */
    public record Sighting(Stranger stranger, long since) {
        /**
         * Who, where, how long and with what, for a person to read.
         *
         * @param now the time
         */
        public String words(long now) {
            return stranger.clientId + " on " + stranger.host + " for "
                    + Duration.ofNanos(now - since).toSeconds() + " s, with "
                    + (stranger.partitions.isEmpty() ? "no partition" : String.join(", ", stranger.partitions));
        }
    }

    /**
     * What follows from what was seen.
     *
     * @param state where the subscription belongs now
     * @param moved whether it belonged elsewhere before
     * @param arrived strangers that were not there at the last look
     * @param left strangers that were there at the last look
     */
    public record Change(State state, boolean moved, List<Stranger> arrived, List<Stranger> left) {}

    /**
     * @param state where the subscription belongs
     * @param since when it moved there; meaningless where it never moved
     * @param present the strangers of the last look that succeeded; may be empty while rescued: those who refused us may
     *     not have been seen yet, or are gone and the quiet time runs
     * @param quietSince since when nobody has been seen while rescued; {@code null}: somebody is there, or may be
     */
    public record Status(
            State state,
            long since,
            List<Sighting> present,
            @Nullable Long quietSince) {}
}
