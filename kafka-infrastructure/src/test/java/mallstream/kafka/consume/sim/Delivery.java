package mallstream.kafka.consume.sim;

/** A record as it was given to an engine in one epoch. */
final class Delivery {
    final Entry entry;
    final Epoch epoch;
    final Epoch.Line line;
    Where where = Where.QUEUED;
    /** Failures that it alone had to answer for. */
    int charged;
    /** Calls that failed as a whole with it and others in them. */
    int inCompany;

    boolean refused;
    boolean wasLater;
    long laterSince;
    long restsUntil = Long.MIN_VALUE;

    Delivery(Entry entry, Epoch epoch, Epoch.Line line) {
        this.entry = entry;
        this.epoch = epoch;
        this.line = line;
    }

    /** Whether it comes again, so that it does not linger. */
    boolean again() {
        return charged > 0 || inCompany > 0 || refused || wasLater;
    }

    @Override
    public String toString() {
        return entry + (entry.key == null ? "" : " of " + entry.key);
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
