package mallstream.member.application.port.out;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import mallstream.member.model.Coupon;
import mallstream.member.model.Member;

/** The coupons of all members. */
public interface Coupons {
    /**
     * Issues each coupon unless its owner has one of its policy or has withdrawn, in one statement. The owners can't
     * withdraw until the transaction ends.
     *
     * @param coupons of one policy, each of any version; an owner may stand there twice
     * @return the owners who got one now
     */
    Set<Member.Key> issueOnce(Collection<Coupon.Issued> coupons);

    /**
     * @param owner a member
     * @return its coupons, oldest first
     */
    List<Coupon.Issued> of(Member.Key owner);

    /**
     * Lets all coupons of a member expire that have not expired yet.
     *
     * @param owner a member
     * @param now when
     */
    void end(Member.Key owner, Instant now);
}
