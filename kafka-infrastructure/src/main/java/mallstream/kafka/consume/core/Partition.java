package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/**
 * One assignment of one partition: an epoch. It is made when the partition is assigned and never used again once it was let
 * go, so whatever ends later for a record of it can't touch the assignment that follows.
 *
 * @param <R> the records
 */
final class Partition<R> {
    final Source source;
    final long epoch;
    final Slot slot;
    /** What was finished above the frontier when the partition came. */
    private final Progress restored;

    private @Nullable Held<R> first;
    private @Nullable Held<R> last;
    private int unfinished;
    private long position;
    /** Records in calls and burials. */
    int working;

    boolean draining;
    boolean released;
    /** Counts whatever changes what would be committed. */
    long changes;

    long committedChanges;
    /** Records finished in this epoch, and how many of them the last commit told of. */
    private long finished;

    private long finishedAtCommit;

    Partition(Source source, long epoch, Slot slot, Progress start) {
        this.source = source;
        this.epoch = epoch;
        this.slot = slot;
        this.restored = start;
        this.position = start.frontier();
    }

    /** Whether a record that comes again was finished before the partition came. */
    boolean finishedBefore(long offset) {
        return restored.finished(offset);
    }

    /** The next offset to be received, as far as is known. */
    long position() {
        return position;
    }

    void position(long next) {
        if (next > position) {
            position = next;
            changes++;
        }
    }

    /** Records received and not finished, also where they were let go. */
    int unfinished() {
        return unfinished;
    }

    @Nullable
    Held<R> first() {
        return first;
    }

    /** All offsets below it are finished. */
    long frontier() {
        return first == null ? position : first.offset;
    }

    void append(Held<R> record) {
        record.before = last;
        if (last == null) {
            first = record;
        } else {
            last.after = record;
        }
        last = record;
        unfinished++;
    }

    /**
     * Takes its records apart: nothing is committed any more, and a call that does not end must not keep all of them in
     * memory, where no bound would count them.
     */
    void forget() {
        for (Held<R> each = first; each != null; ) {
            Held<R> following = each.after;
            each.before = null;
            each.after = null;
            each = following;
        }
        first = null;
        last = null;
        unfinished = 0;
    }

    void finish(Held<R> record) {
        if (released) {
            return;
        }
        if (record.before == null) {
            first = record.after;
        } else {
            record.before.after = record.after;
        }
        if (record.after == null) {
            last = record.before;
        } else {
            record.after.before = record.before;
        }
        record.before = null;
        record.after = null;
        unfinished--;
        finished++;
        changes++;
    }

    void committing() {
        committedChanges = changes;
        finishedAtCommit = finished;
    }

    /** Records that would be handled again if everything ended now. */
    long handledAgainIfKilled() {
        return finished - finishedAtCommit + working;
    }

    /**
     * What to commit: the frontier, and what is unfinished above it. What was finished above the frontier before the
     * partition came and has not been seen again yet stays finished.
     */
    Progress progress() {
        long[] open = new long[unfinished];
        int i = 0;
        for (Held<R> each = first; each != null; each = each.after) {
            open[i++] = each.offset;
        }
        return Progress.of(position, open, restored);
    }

    /** Offsets that the commit metadata would have to tell apart. */
    long span() {
        return Math.max(position, restored.end()) - frontier();
    }
}
