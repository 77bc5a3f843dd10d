package mallstream.member.application.port.in;

import java.time.Instant;
import mallstream.member.model.Discount;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;

/** Takes a new version of a mall's policy. Coupons that were issued keep their terms. */
public interface SetCouponPolicy {
    /**
     * @param terms what the mall wants
     * @param key the caller's idempotency key; the same key again gives the first answer and sets nothing
     * @return the new version
     * @throws mallstream.member.model.InvalidValue if a value is out of its range
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    Answer<MallCouponPolicy> set(Terms terms, @Nullable RequestKey key);

    /**
     * @param mallId the mall
     * @param code the policy
     * @param discount what is taken off
     * @param minimumOrder whole won, 0 or more
     * @param daysValid 1 to 3,650
     * @param activeFrom from when on it counts; {@code null} for at once
     * @param activeUntil from when on it counts no more; {@code null} for no end
     */
    record Terms(
            MallId mallId,
            String code,
            Discount discount,
            long minimumOrder,
            int daysValid,
            @Nullable Instant activeFrom,
            @Nullable Instant activeUntil) {}
}
