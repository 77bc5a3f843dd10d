package mallstream.member.application.port.in;

import mallstream.member.model.EmailAddress;
import mallstream.member.model.LoginId;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.PersonName;
import mallstream.member.model.PhoneNumber;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;

/** Takes a new member in. */
public interface SignUpMember {
    /**
     * Stores the member and the event that tells of it in one transaction.
     *
     * @param signUp who signs up where
     * @param key the caller's idempotency key; the same key again gives the first answer and stores nothing
     * @return the new member, or why there is none
     * @throws mallstream.member.model.Unavailable if the database failed; nothing was stored, or the answer was lost
     */
    Answer<Result> signUp(SignUp signUp, @Nullable RequestKey key);

    /**
     * @param mallId the mall
     * @param loginId unique in the mall
     * @param name personal data
     * @param email personal data
     * @param phone personal data
     */
    record SignUp(MallId mallId, LoginId loginId, PersonName name, EmailAddress email, PhoneNumber phone) {}

    /** How a sign-up ended. */
    sealed interface Result {
        /**
         * @param memberId the new member
         */
        record SignedUp(MemberId memberId) implements Result {}

        /** The mall has a member with this login id. */
        record LoginIdTaken() implements Result {}
    }
}
