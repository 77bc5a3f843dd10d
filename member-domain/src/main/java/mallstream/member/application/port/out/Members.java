package mallstream.member.application.port.out;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import mallstream.member.model.Member;
import mallstream.member.model.Standing;

/** The members of all malls. */
public interface Members {
    /**
     * @param member a new member
     * @return {@code false} if its mall has a member of that login id; nothing was stored then
     */
    boolean add(Member member);

    /**
     * @param key the member in its mall
     * @return the member, if there is one
     */
    Optional<Member> find(Member.Key key);

    /**
     * Notes whether a member wants no notices.
     *
     * @param key a member in its mall
     * @param refused whether it wants none
     * @return {@code false} if there is no such member; nothing was changed then
     */
    boolean refuseNotices(Member.Key key, boolean refused);

    /**
     * @param key somebody in a mall
     * @return whether the member wants no notices; empty if there is no such member
     */
    Optional<Boolean> refusesNotices(Member.Key key);

    /**
     * @param key somebody in a mall
     * @return how it stands with that mall
     */
    Standing standing(Member.Key key);

    /**
     * Like {@link #standing}, and a member can't withdraw until the transaction ends. It waits for a withdrawal that is
     * under way.
     *
     * @param key somebody in a mall
     * @return how it stands with that mall
     */
    Standing hold(Member.Key key);

    /**
     * Who of many has withdrawn. The others can't until the transaction ends.
     *
     * @param keys somebody in malls; members need not be stored
     * @return those who have withdrawn
     */
    Set<Member.Key> withdrawnAmong(Collection<Member.Key> keys);

    /**
     * Erases all that is known of the person; ids stay, and the login id is free again. It waits for those who hold the
     * member.
     *
     * @param key a member in its mall
     * @param now when
     * @return {@code false} if there is no such member; nothing was changed then
     */
    boolean withdraw(Member.Key key, Instant now);
}
