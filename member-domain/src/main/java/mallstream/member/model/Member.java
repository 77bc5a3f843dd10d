package mallstream.member.model;

import java.time.Instant;

/**
 * A person who signed up in one mall. A person in two malls is two members.
 *
 * @param id the member
 * @param mallId the mall
 * @param loginId unique in the mall
 * @param name personal data
 * @param email personal data
 * @param phone personal data
 * @param signedUpAt when the member was stored
 */
public record Member(
        MemberId id,
        MallId mallId,
        LoginId loginId,
        PersonName name,
        EmailAddress email,
        PhoneNumber phone,
        Instant signedUpAt) {

    /** A member and the mall it belongs to: what benefits are keyed by. */
    public record Key(MallId mallId, MemberId memberId) {}
}
