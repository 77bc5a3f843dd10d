package mallstream.member.model;

/**
 * Something that happened to members and that others react to. Events carry ids only: whoever needs a name or a phone
 * number reads it when it is needed, so that no topic holds personal data.
 */
public sealed interface Event permits MemberSignedUp, NoticeRequested {
    /** The member it is about; events of one member keep their order. */
    MemberId memberId();
}
