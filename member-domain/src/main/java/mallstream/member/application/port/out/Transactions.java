package mallstream.member.application.port.out;

import java.util.function.Supplier;

/** What belongs together happens together. Every other port that reads or writes rows is called inside of one. */
public interface Transactions {
    /**
     * Runs the work in one transaction and commits, or rolls back where the work throws. Nothing slow belongs inside: a
     * database connection is held all the while.
     *
     * @param work what to do; not nested
     * @return what the work gave
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    <T> T inOne(Supplier<T> work);
}
