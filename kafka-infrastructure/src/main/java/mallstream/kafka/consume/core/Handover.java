package mallstream.kafka.consume.core;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls on their way to the threads that work on them, and back. It is the one thing here that many threads touch without
 * the lock, so that no handler's thread ever waits for another one.
 *
 * <p>Three stacks after R. K. Treiber, "Systems Programming: Coping with Parallelism", 1986: begun calls come in on top of the
 * first, and whoever finds the second one empty turns the first over onto it, so that the oldest goes first; the third brings
 * them back. Their links are in the calls. A call passes each stack once and is never used again, so a stack's top can't
 * be taken for another one that was there before (the ABA problem). Java's ConcurrentLinkedQueue would do and makes an object per entry, twice for each call.
 *
 * @param <R> the records
 */
public final class Handover<R> {
    private final AtomicReference<@Nullable Call<R>> incoming = new AtomicReference<>();
    private final AtomicReference<@Nullable Call<R>> outgoing = new AtomicReference<>();
    private final AtomicReference<@Nullable Call<R>> ended = new AtomicReference<>();

    /** @param call has begun: somebody has to work on it */
    public void begun(Call<R> call) {
        push(incoming, call, call);
    }

    /** The call that has waited for longest, near enough; null: none waits. */
    public @Nullable Call<R> take() {
        Call<R> top = outgoing.get();
        while (top != null) {
            if (outgoing.compareAndSet(top, top.below)) {
                // A call may run for long, and must not keep those in memory that came after it.
                top.below = null;
                return top;
            }
            top = outgoing.get();
        }
        Call<R> newest = incoming.getAndSet(null);
        Call<R> oldest = turned(newest);
        if (oldest != null && newest != null && oldest.below != null) {
            push(outgoing, oldest.below, newest);
            oldest.below = null;
        }
        return oldest;
    }

    /** @param call has its answer */
    public void ended(Call<R> call) {
        push(ended, call, call);
    }

    /** Whether a call waits for a thread, or an answer for the engine. */
    public boolean waits() {
        return outgoing.get() != null || incoming.get() != null || ending();
    }

    /** Whether an answer waits for the engine. */
    public boolean ending() {
        return ended.get() != null;
    }

    /** Gives all calls that have ended to somebody, the one that ended first at first. */
    public void takeEnded(Consumer<Call<R>> to) {
        Call<R> each = turned(ended.getAndSet(null));
        while (each != null) {
            Call<R> following = each.below;
            each.below = null;
            to.accept(each);
            each = following;
        }
    }

    private void push(AtomicReference<@Nullable Call<R>> stack, Call<R> top, Call<R> bottom) {
        Call<R> before = stack.get();
        bottom.below = before;
        while (!stack.compareAndSet(before, top)) {
            before = stack.get();
            bottom.below = before;
        }
    }

    private static <R> @Nullable Call<R> turned(@Nullable Call<R> top) {
        Call<R> turned = null;
        Call<R> each = top;
        while (each != null) {
            Call<R> following = each.below;
            each.below = turned;
            turned = each;
            each = following;
        }
        return turned;
    }
}
