package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/**
 * Calls that have begun and not ended, in the order of their beginning. A list with links in the calls themselves, because
 * one is added and removed for each call: a set of Java's would make an object for that.
 *
 * @param <R> the records
 */
final class Calls<R> {
    private @Nullable Call<R> first;
    private @Nullable Call<R> last;

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Call<R> first() {
        return first;
    }

    void add(Call<R> call) {
        call.before = last;
        if (last == null) {
            first = call;
        } else {
            last.after = call;
        }
        last = call;
    }

    /** @param call one that is in the list */
    void remove(Call<R> call) {
        if (call.before == null) {
            first = call.after;
        } else {
            call.before.after = call.after;
        }
        if (call.after == null) {
            last = call.before;
        } else {
            call.after.before = call.before;
        }
        call.before = null;
        call.after = null;
    }
}
