package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/**
 * The queue of one key. At most one call or burial works on it at a time, and the lane outlives a revocation until that
 * has ended, so that a key is never handled twice at the same time.
 *
 * @param <R> the records
 */
final class Lane<R> {
    /** Null: the lane of a single record without a key. */
    final @Nullable Object key;

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
        this.key = key;
    }

    int size() {
        return size;
    }

    @Nullable
    Held<R> head() {
        return head;
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
        /** In a queue for the next call. */
        READY,
        /** Its first record waits for its time. */
        WAITING,
        /** A call or a burial works on it. */
        BUSY
    }
}
