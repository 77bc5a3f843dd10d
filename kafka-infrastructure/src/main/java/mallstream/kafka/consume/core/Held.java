package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/**
 * A record that was received and is not yet finished. It hangs in two lists at once, with links of its own so that nothing
 * is allocated for them: the unfinished records of its partition in the order of offsets, and the queue of its lane.
 *
 * @param <R> the records
 */
public final class Held<R> {
    /** No bound on how many may share a call with it. */
    static final int ANY_COMPANY = Integer.MAX_VALUE;

    final Partition<R> partition;
    final long offset;
    final int bytes;
    final R record;
    final Lane<R> lane;
    final long receivedAt;

    @Nullable
    Held<R> before;

    @Nullable
    Held<R> after;

    @Nullable
    Held<R> next;

    Stage stage = Stage.QUEUED;
    int attempts;
    int burials;
    /** Most records of a call that it may be in; it shrinks while a failure is narrowed down. */
    int company = ANY_COMPANY;

    long notBefore = Long.MIN_VALUE;
    long laterSince = Long.MIN_VALUE;

    @Nullable
    Doom doom;

    @Nullable
    String lastError;

    Held(Partition<R> partition, long offset, int bytes, R record, Lane<R> lane, long receivedAt) {
        this.partition = partition;
        this.offset = offset;
        this.bytes = bytes;
        this.record = record;
        this.lane = lane;
        this.receivedAt = receivedAt;
    }

    /** Where it came from. */
    public Source source() {
        return partition.source;
    }

    /** Its offset. */
    public long offset() {
        return offset;
    }

    /** The record as it was received. */
    public R record() {
        return record;
    }

    /** The key of its lane; null: it has none. */
    public @Nullable Object key() {
        return lane.key;
    }

    /** Calls that it failed. */
    public int attempts() {
        return attempts;
    }

    /** A number that grows with each assignment in this process: of two calls for one record here the later has a higher one. */
    public long epoch() {
        return partition.epoch;
    }

    /** Whether its partition is still this member's; false tells a handler that another member may work on it. */
    public boolean owned() {
        return !partition.released;
    }

    boolean suspect() {
        return company != ANY_COMPANY;
    }

    enum Stage {
        /** In its lane. */
        QUEUED,
        /** In a call. */
        RUNNING,
        /** On its way to the dead-letter topic. */
        BURYING,
        /** Finished, or let go with its partition: it counts no more. */
        GONE
    }
}
