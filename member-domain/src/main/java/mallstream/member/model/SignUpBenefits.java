package mallstream.member.model;

/**
 * What a new member gets where its mall has no policy of its own; {@code mallstream.benefits.*}.
 *
 * @param signupPoints whole won, 1 to 1,000,000
 * @param signupPointsDays days the points count, 1 to 3,650
 * @param signupCoupon percent, 1 to 100
 * @param signupCouponDays days the coupon is valid, 1 to 3,650
 */
public record SignUpBenefits(long signupPoints, int signupPointsDays, int signupCoupon, int signupCouponDays) {
    /** @throws InvalidValue if a number is out of its range, naming the setting */
    public SignUpBenefits {
        check("signup-points", signupPoints, 1_000_000);
        check("signup-points-days", signupPointsDays, 3650);
        check("signup-coupon", signupCoupon, 100);
        check("signup-coupon-days", signupCouponDays, 3650);
    }

    /** The coupon of a sign-up, version 1 of its policy. */
    public CouponPolicy couponPolicy() {
        return new CouponPolicy(CouponPolicy.SIGNUP, 1, new Discount.Percent(signupCoupon, null), 0, signupCouponDays);
    }

    private static void check(String key, long value, long most) {
        if (value < 1 || value > most) {
            throw new InvalidValue("mallstream.benefits." + key, "is " + value + ", must be 1 to " + most);
        }
    }
}
