package mallstream.kafka.consume;

import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A replay and how far it is, under {@code replay/<group>} in the control topic. It is written once a second while it
 * runs: that is how others know that its runner lives, and where to go on.
 *
 * @param id names the replay
 * @param by the name of the key of whoever started it
 * @param perSecond how many are sent per second
 * @param ids these; {@code null}: by reason
 * @param reason all of this reason; {@code null}: by ids
 * @param next by partition the first dead letter that is not done yet; the beginning where a partition is not in it
 * @param ends by partition where the replay ends
 * @param total dead letters that it is for
 * @param sent how many were sent
 * @param runner the run of an instance that sends; {@code null}: whoever comes first
 * @param savedAt when this was written
 * @param done whether it has ended
 */
record ReplayState(
        String id,
        String by,
        int perSecond,
        @Nullable List<String> ids,
        @Nullable String reason,
        SortedMap<Integer, Long> next,
        SortedMap<Integer, Long> ends,
        long total,
        long sent,
        @Nullable String runner,
        Instant savedAt,
        boolean done) {

    /** What its keys begin with. */
    static final String PREFIX = "replay/";
    /** A dead letter that was replayed as often is left out: it would only die again. */
    static final int CAP = 3;

    /** @throws RuntimeException if a record of the control topic is no such state */
    ReplayState {
        Objects.requireNonNull(id);
        Objects.requireNonNull(by);
        Objects.requireNonNull(next);
        Objects.requireNonNull(ends);
        Objects.requireNonNull(savedAt);
        if (perSecond < 1 || ids == null == (reason == null)) {
            throw new IllegalArgumentException("perSecond must be 1 or more, and one of ids and reason be there");
        }
        if (ids != null) {
            ids.forEach(each -> DeadLetterId.parse("ids", each));
        }
    }

    /** The only dead letters that are looked at; {@code null}: all up to the ends. */
    @Nullable
    NavigableSet<DeadLetterId> only() {
        return ids == null
                ? null
                : new TreeSet<>(ids.stream()
                        .map(each -> DeadLetterId.parse("ids", each))
                        .toList());
    }

    boolean runBy(String instance) {
        return !done && instance.equals(runner);
    }

    /** The same in the hands of another, or of nobody. */
    ReplayState with(@Nullable String newRunner, Instant now) {
        return new ReplayState(id, by, perSecond, ids, reason, next, ends, total, sent, newRunner, now, done);
    }

    /** The same, further on; what has ended does not need its ids any more. */
    ReplayState with(SortedMap<Integer, Long> newNext, long newSent, boolean ended, Instant now) {
        return new ReplayState(
                id,
                by,
                perSecond,
                ids != null && ended ? List.of() : ids,
                reason,
                newNext,
                ends,
                total,
                newSent,
                ended ? null : runner,
                now,
                ended);
    }
}
