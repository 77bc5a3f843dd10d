package mallstream.order.model;

import org.jspecify.annotations.Nullable;

/** What a report does to an order. */
public sealed interface Decision {
    /**
     * It changed the line, or began it.
     *
     * @param from the status before, {@code null} if the line begins
     * @param line the line afterwards
     */
    record Applied(@Nullable LineStatus from, Line line) implements Decision {}

    /**
     * It changed neither status nor claim.
     *
     * @param why the rule that says so
     * @param asked the status that the change asked for, {@code null} where it asked for none
     * @param line the line afterwards; of a repeated state the version is the newer one, so that what lies between the
     *     two stays stale when it arrives late
     */
    record Ignored(Why why, @Nullable LineStatus asked, Line line) implements Decision {}

    /**
     * It cannot be understood, now or ever; it is kept for an operator.
     *
     * @param reason a code of lower-case words joined by {@code -}
     */
    record Parked(String reason) implements Decision {}

    /** Why a change is ignored. */
    enum Why {
        /** Older than the line, or a step back. */
        STALE,
        /** What the line says already. */
        SAME,
        /** The line is over. */
        ENDED
    }
}
