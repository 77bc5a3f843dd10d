package mallstream.member.model;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What a coupon is worth and for how long.
 *
 * @param code names the policy; a member gets one coupon of it
 * @param version 1 or more; what was issued keeps its version
 * @param percent discount, 1 to 100
 * @param daysValid days of 24 hours from the issue, 1 to 3,650
 */
public record CouponPolicy(String code, int version, int percent, int daysValid) {
    /** @throws InvalidValue if a number is out of its range */
    public CouponPolicy {
        if (percent < 1 || percent > 100) {
            throw new InvalidValue("percent", "must be 1 to 100");
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
}
