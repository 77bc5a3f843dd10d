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
     * @param line the line afterwards; its version is that of the newest change that was heard of it
     */
    record Ignored(Why why, @Nullable LineStatus asked, Line line) implements Decision {}

    /** The order belongs to another channel, whose word counts; this one's is kept and changes nothing. */
    record OfAnother() implements Decision {}

    /**
     * It cannot be understood yet; it is kept until somebody explains it.
     *
     * @param reason a code of lower-case words joined by {@code -}
     */
    record Parked(String reason) implements Decision {}

    /** Why a change is ignored. */
    enum Why {
        /** Older than the line and of no consequence for it, or a step back. */
        STALE,
        /** What the line says already. */
        SAME,
        /** The line is over. */
        ENDED
    }
}
