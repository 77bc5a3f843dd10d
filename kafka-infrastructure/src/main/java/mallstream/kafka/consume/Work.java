package mallstream.kafka.consume;

import java.util.function.Consumer;
import mallstream.kafka.consume.core.Call;

/**
 * What {@link Workers} do.
 *
 * @param <R> the records
 */
interface Work<R> {
    /**
     * Surrounds all that one thread does.
     *
     * @param calls works on calls; to be called once, with the place that says which one it is at
     */
    void around(Consumer<Delivery.Place> calls);

    /** Works on a call until it has an answer; throws nothing. */
    void on(Call<R> call, Delivery.Place place);

    /** Tells the engine what calls have ended, and lets the next ones begin. It does not wait. */
    void settle();
}
