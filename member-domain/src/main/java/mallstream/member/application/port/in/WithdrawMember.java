package mallstream.member.application.port.in;

import mallstream.member.model.Member;

/** Lets a member leave its mall. */
public interface WithdrawMember {
    /**
     * Ends coupons and points and erases what is known of the person, in one transaction. Ids and the ledger stay.
     *
     * @param member who leaves
     * @return how it ended
     * @throws mallstream.member.model.Unavailable if the database failed; nothing was changed
     */
    Result withdraw(Member.Key member);

    /** How a withdrawal ended. */
    enum Result {
        /** Left now. */
        WITHDRAWN,
        /** Had left before; nothing was changed. */
        ALREADY_WITHDRAWN,
        /** The mall has no such member. */
        NO_SUCH_MEMBER
    }
}
