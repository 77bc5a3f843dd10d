package mallstream.member.application.port.in;

import java.util.UUID;
import mallstream.member.model.Member;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;

/** Pays with points, and gives them back. */
public interface UsePoints {
    /** The most points of one call. */
    long MOST = 1_000_000_000;

    /**
     * Takes points, those that expire first before the others.
     *
     * @param member whose
     * @param points whole won, 1 to {@link #MOST}
     * @param key the caller's idempotency key; the same key again gives the first answer and takes nothing
     * @return the use, or why there is none
     * @throws mallstream.member.model.InvalidValue if the number is out of its range
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Answer<Result> use(Member.Key member, long points, @Nullable RequestKey key);

    /**
     * Gives points of a use back to the lots that they were taken from.
     *
     * @param member whose
     * @param useId the use
     * @param points whole won, 1 to {@link #MOST}, not more than what was used and not restored yet
     * @param key the caller's idempotency key; the same key again gives the first answer and restores nothing
     * @return the restoration, or why there is none
     * @throws mallstream.member.model.InvalidValue if the number is out of its range
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Answer<Result> restore(Member.Key member, UUID useId, long points, @Nullable RequestKey key);

    /** How it ended. */
    sealed interface Result {
        /**
         * @param id the use, or the restoration
         */
        record Booked(UUID id) implements Result {}

        /**
         * @param balance what there is, whole won
         */
        record NotEnough(long balance) implements Result {}

        /** The member has no such use. */
        record NoSuchUse() implements Result {}

        /**
         * @param left what of the use was not restored yet, whole won
         */
        record MoreThanUsed(long left) implements Result {}

        /** The mall has no such member. */
        record NoSuchMember() implements Result {}

        /** The member has left. */
        record Withdrawn() implements Result {}
    }
}
