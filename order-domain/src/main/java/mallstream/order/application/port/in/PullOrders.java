package mallstream.order.application.port.in;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mallstream.order.model.MallId;
import org.jspecify.annotations.Nullable;

/** Pulls the changes of orders from a source that does not send them. */
public interface PullOrders {
    /** The malls whose orders are pulled; each names its account. */
    List<MallId> accounts();

    /**
     * Pulls one page of changes with its details and applies them, if the account is due and no other instance is at it. It
     * takes two minutes at most and never waits: where it has to, it says until when.
     *
     * @param mallId one of {@link #accounts}
     * @return what to do next
     * @throws mallstream.order.model.Unavailable if the database could not be reached; nothing is lost
     */
    Pulled pull(MallId mallId);

    /**
     * How long ago the newest moment is up to which all changes are stored.
     *
     * @param mallId one of {@link #accounts}
     * @return the age, not negative
     * @throws mallstream.order.model.Unavailable if the database could not be reached
     */
    Duration behind(MallId mallId);

    /** What became of a pull. */
    sealed interface Pulled {
        /** A page is stored; the next can be pulled at once. */
        record MoreToDo() implements Pulled {}

        /**
         * All that the source shows is stored.
         *
         * @param next when to look again
         */
        record CaughtUp(Instant next) implements Pulled {}

        /**
         * Nobody's fault: the source asks for patience, another instance is at it, or it is not due.
         *
         * @param until when to try again
         * @param why in words
         */
        record RestUntil(Instant until, String why) implements Pulled {}

        /**
         * It does not work.
         *
         * @param until when to try again
         * @param why in words, with the remedy
         * @param traceId the source's own name of the call
         */
        record Failing(Instant until, String why, @Nullable String traceId) implements Pulled {}
    }
}
