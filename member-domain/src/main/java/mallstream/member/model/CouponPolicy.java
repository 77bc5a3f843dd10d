package mallstream.member.model;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What a coupon is worth and for how long.
 *
 * @param code names the policy; a member gets one coupon of it
 * @param version 1 or more; 1 is what the platform's settings say; what was issued keeps its version
 * @param discount what is taken off
 * @param minimumOrder lowest price of an order that it counts for, whole won, 0 to {@link Discount#MOST}
 * @param daysValid days of 24 hours from the issue, 1 to 3,650
 */
public record CouponPolicy(String code, int version, Discount discount, long minimumOrder, int daysValid) {
    /** The policy whose coupon a new member gets; the only one so far. */
    public static final String SIGNUP = "signup";

    /** @throws InvalidValue if a number is out of its range */
    public CouponPolicy {
        if (minimumOrder < 0 || minimumOrder > Discount.MOST) {
            throw new InvalidValue("minimumOrder", "must be 0 to " + Discount.MOST);
        }
        if (daysValid < 1 || daysValid > 3650) {
            throw new InvalidValue("daysValid", "must be 1 to 3650");
        }
    }

    /**
     * @param id the new coupon
     * @param owner who gets it
     * @param now when
     * @return a coupon of this policy
     */
    public Coupon.Issued issue(UUID id, Member.Key owner, Instant now) {
        return new Coupon.Issued(id, owner, this, now, now.plus(Duration.ofDays(daysValid)));
    }

    /**
     * @param order price of an order, whole won, 0 to {@link Discount#MOST}
     * @return what a coupon of this policy takes off, whole won; 0 below the minimum
     */
    public long discountOf(long order) {
        return order < minimumOrder ? 0 : discount.of(order);
    }
}
