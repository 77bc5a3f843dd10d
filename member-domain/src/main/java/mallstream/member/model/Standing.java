package mallstream.member.model;

import java.time.Instant;

/** How somebody stands with a mall. */
public sealed interface Standing {
    /**
     * A member.
     *
     * @param member the member
     */
    record Active(Member member) implements Standing {}

    /**
     * Left. Nothing is known of the person any more but the id.
     *
     * @param at when
     */
    record Withdrawn(Instant at) implements Standing {}

    /** The mall never had a member of that id, or it is not stored yet. */
    record Unknown() implements Standing {}
}
