package mallstream.member.application.port.in;

import mallstream.member.model.Member;

/** Notes who wants no notices. */
public interface RefuseNotices {
    /**
     * Campaigns that have not told the member yet leave it out; the same twice is as good as once.
     *
     * @param member a member
     * @param refused whether it wants no notices
     * @return how it stands with the member
     * @throws mallstream.member.model.Unavailable if the database failed; nothing was changed
     */
    Result refuse(Member.Key member, boolean refused);

    /** How it ended. */
    enum Result {
        /** It is noted. */
        NOTED,
        /** The member has left. */
        WITHDRAWN,
        /** The mall has no such member. */
        NO_SUCH_MEMBER
    }
}
