package mallstream.kafka.consume;

import java.util.Optional;
import mallstream.kafka.consume.core.Call;
import org.jspecify.annotations.Nullable;

/**
 * The call that a handler is working on, for handlers that outlive what they were given: a partition may move to another
 * member before a slow call ends.
 */
public final class Delivery {
    static final ScopedValue<Place> PLACE = ScopedValue.newInstance();

    private final Call<?> call;

    private Delivery(Call<?> call) {
        this.call = call;
    }

    /** The call that this thread is a handler of; empty outside of a handler. */
    public static Optional<Delivery> current() {
        Call<?> current = PLACE.isBound() ? PLACE.get().call : null;
        return current == null ? Optional.empty() : Optional.of(new Delivery(current));
    }

    /**
     * A fencing token: it grows with each assignment that this instance gets, so of two calls for one record in this
     * instance the later one has the higher number.
     */
    public long epoch() {
        return call.records().getFirst().epoch();
    }

    /** Whether all partitions of the call still belong to this instance; false: another one may have the records by now. */
    public boolean owned() {
        return call.owned();
    }

    /** What a worker is at: bound once for all of its calls, because binding costs more than a call that does nothing. */
    static final class Place {
        volatile @Nullable Call<?> call;
    }
}
