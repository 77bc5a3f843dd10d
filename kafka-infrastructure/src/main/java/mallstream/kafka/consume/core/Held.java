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
    /** Null as long as nothing has gone wrong with it, which is so for most of the records there ever are. */
    private @Nullable Trouble trouble;

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
        return trouble == null ? 0 : trouble.attempts;
    }

    /** A number that grows with each assignment in this process: of two calls for one record here the later has a higher one. */
    public long epoch() {
        return partition.epoch;
    }

    /** Whether its partition is still this member's; false tells a handler that another member may work on it. */
    public boolean owned() {
        return !partition.released;
    }

    /** What has gone wrong with it; made where something goes wrong for the first time. */
    Trouble trouble() {
        if (trouble == null) {
            trouble = new Trouble();
        }
        return trouble;
    }

    /** Most records of a call that it may be in. */
    int company() {
        return trouble == null ? ANY_COMPANY : trouble.company;
    }

    boolean suspect() {
        return company() != ANY_COMPANY;
    }

    /** When it may be in a call again. */
    long notBefore() {
        return trouble == null ? Long.MIN_VALUE : trouble.notBefore;
    }

    /** Why it goes to the dead-letter topic; null: it does not. */
    @Nullable
    Doom doom() {
        return trouble == null ? null : trouble.doom;
    }

    @Nullable
    String lastError() {
        return trouble == null ? null : trouble.lastError;
    }

    /** Whether it was in a call that asked for it to come again at a later time. */
    boolean again() {
        return trouble != null && (trouble.attempts > 0 || trouble.laterSince != Long.MIN_VALUE);
    }

    /** What has gone wrong with a record. */
    static final class Trouble {
        int attempts;
        int burials;
        /** It shrinks while a failure is narrowed down. */
        int company = ANY_COMPANY;

        long notBefore = Long.MIN_VALUE;
        long laterSince = Long.MIN_VALUE;

        @Nullable
        Doom doom;

        @Nullable
        String lastError;
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
