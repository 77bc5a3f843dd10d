package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/**
 * The queue of one key, or of a part of it. At most one call or burial works on it at a time, and the lane outlives a revocation until that
 * has ended, so that a key is never handled twice at the same time.
 *
 * @param <R> the records
 */
final class Lane<R> {
    /** Null: the lane of a single record without a key. */
    final @Nullable Object key;
    /** Which records of the key; null: all. */
    final @Nullable Object part;
    /** Null: the key's lane can't be split. */
    final Phases.@Nullable Phase<R> phase;

    State state = State.IDLE;

    @Nullable
    Call<R> call;

    long readySince;
    /** How many of its records the call that is being formed may take. */
    int quota;

    private @Nullable Held<R> head;
    private @Nullable Held<R> tail;
    private int size;

    Lane(@Nullable Object key) {
        this(key, null, null);
    }

    Lane(@Nullable Object key, @Nullable Object part, Phases.@Nullable Phase<R> phase) {
        this.key = key;
        this.part = part;
        this.phase = phase;
    }

    /** Whether records of its key that came before it changed between whole and parts are still held. */
    boolean blocked() {
        return phase != null && phase.blocked();
    }

    int size() {
        return size;
    }

    @Nullable
    Held<R> head() {
        return head;
    }

    /** When its first record was received; {@link Long#MAX_VALUE}: it is empty. */
    long oldestQueued() {
        return head == null ? Long.MAX_VALUE : head.receivedAt;
    }

    /** Records of it in a call or on their way to the dead-letter topic. */
    int working() {
        if (state != State.BUSY) {
            return 0;
        }
        Call<R> running = call;
        return running == null
                ? 1
                : (int) running.records().stream()
                        .filter(each -> each.lane == this)
                        .count();
    }

    void addLast(Held<R> record) {
        if (tail == null) {
            head = record;
        } else {
            tail.next = record;
        }
        tail = record;
        size++;
    }

    void addFirst(Held<R> record) {
        record.next = head;
        head = record;
        if (tail == null) {
            tail = record;
        }
        size++;
    }

    @Nullable
    Held<R> removeFirst() {
        Held<R> first = head;
        if (first != null) {
            head = first.next;
            first.next = null;
            if (head == null) {
                tail = null;
            }
            size--;
        }
        return first;
    }

    /** Removes what came with partitions that are being let go. */
    void purge() {
        Held<R> each = head;
        head = null;
        tail = null;
        size = 0;
        while (each != null) {
            Held<R> following = each.next;
            each.next = null;
            if (each.stage != Held.Stage.GONE) {
                addLast(each);
            }
            each = following;
        }
    }

    enum State {
        /** Nowhere: it is being changed, or empty. */
        IDLE,
        /** Something of an earlier phase of its key is still held. */
        BLOCKED,
        /** In a queue for the next call. */
        READY,
        /** Its first record waits for its time. */
        WAITING,
        /** A call or a burial works on it. */
        BUSY
    }
}
