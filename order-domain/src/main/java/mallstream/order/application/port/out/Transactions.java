package mallstream.order.application.port.out;

import java.util.function.Supplier;

/** Where a transaction begins and ends. */
public interface Transactions {
    /**
     * Runs the work in one transaction, which is committed when it returns and rolled back when it throws. Nothing slow
     * belongs inside: it ends by itself after 20 s.
     *
     * @param work what to do
     * @return what the work returned
     * @throws mallstream.order.model.Unavailable if the database could not be reached or did not answer in time; after
     *     a failed commit the work may have had its effect all the same
     */
    <T> T inOne(Supplier<T> work);
}
