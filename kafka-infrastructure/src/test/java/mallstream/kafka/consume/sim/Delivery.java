package mallstream.kafka.consume.sim;

import org.jspecify.annotations.Nullable;

/** A record as it was given to an engine in one epoch. */
final class Delivery {
    final Entry entry;
    final Epoch epoch;
    final Epoch.Line line;
    /** Whether it was received while the lane of its key was split. */
    final boolean split;

    Where where = Where.QUEUED;
    /** Failures that it alone had to answer for. */
    int charged;
    /** Calls that failed as a whole with it and others in them. */
    int inCompany;

    boolean refused;
    boolean wasLater;
    long laterSince;
    long restsUntil = Long.MIN_VALUE;

    Delivery(Entry entry, Epoch epoch, Epoch.Line line, boolean split) {
        this.entry = entry;
        this.epoch = epoch;
        this.line = line;
        this.split = split;
    }

    /** What it has to be handled in order with; null: nothing. */
    @Nullable
    String lane() {
        return lane(entry, split);
    }

    static @Nullable String lane(Entry entry, boolean split) {
        return split ? entry.key + "/" + entry.part : entry.key;
    }

    /** Whether the two must not be handled side by side: only parts of one key may. */
    boolean excludes(Delivery other) {
        return entry.key != null
                && entry.key.equals(other.entry.key)
                && !(split && other.split && !entry.part.equals(other.entry.part));
    }

    /** Whether its member still has it. */
    boolean held() {
        return where == Where.QUEUED ? epoch.state == Epoch.State.OWNED : where != Where.GONE;
    }

    /** Whether it comes again, so that it does not linger. */
    boolean again() {
        return charged > 0 || inCompany > 0 || refused || wasLater;
    }

    @Override
    public String toString() {
        return entry + (entry.key == null ? "" : " of " + lane());
    }

    enum Where {
        /** In the engine's lanes. */
        QUEUED,
        /** In a call. */
        RUNNING,
        /** On the way to the dead-letter topic. */
        BURYING,
        /** The engine was just told that it was handled, or is in the dead-letter topic. */
        TOLD,
        /** Finished, or let go. */
        GONE
    }
}
