package mallstream.member.application.port.in;

import mallstream.member.model.Member;

/** Notes and tells who wants no notices. */
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

    /**
     * @param member somebody in a mall
     * @return whether the member wants no notices
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Found<Boolean> refused(Member.Key member);

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
