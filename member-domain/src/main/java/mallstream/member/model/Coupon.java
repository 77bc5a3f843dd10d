package mallstream.member.model;

import java.time.Instant;
import java.util.UUID;

/** A discount that one member may use once. */
public sealed interface Coupon {
    /** What was issued, whatever became of it. */
    Issued issued();

    /**
     * Still usable.
     *
     * @param id the coupon
     * @param owner whose it is; once per owner and policy
     * @param policy which policy gave it, as it was then
     * @param issuedAt when
     * @param expiresAt from when on it is {@link Expired}
     */
    record Issued(UUID id, Member.Key owner, CouponPolicy policy, Instant issuedAt, Instant expiresAt)
            implements Coupon {
        @Override
        public Issued issued() {
            return this;
        }

        /**
         * @param now the time to look at it
         * @return itself, or what is left of it once its time is over
         */
        public Coupon at(Instant now) {
            return now.isBefore(expiresAt) ? this : new Expired(this);
        }
    }

    /**
     * Its time is over; it cannot be redeemed.
     *
     * @param issued the coupon it was
     */
    record Expired(Issued issued) implements Coupon {}
}
