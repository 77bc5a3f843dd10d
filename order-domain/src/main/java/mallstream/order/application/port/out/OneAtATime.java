package mallstream.order.application.port.out;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets one of all instances do something. It holds no database connection meanwhile. */
public interface OneAtATime {
    /**
     * Does the work unless somebody else is at it.
     *
     * @param what what must not be done twice at a time, 1 to 64 characters
     * @param atMost after that time others may begin, in case this instance dies; longer than the work can take. Work that
     *     takes longer all the same is not stopped, so what it stores has to be guarded by itself
     * @param work what to do, outside of any transaction
     * @return what the work returned; empty if somebody else is at it
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    <T> Optional<T> run(String what, Duration atMost, Supplier<T> work);
}
