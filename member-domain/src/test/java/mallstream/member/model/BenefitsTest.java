package mallstream.member.model;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.POLICY;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenefitsTest {
    private static PointLot lot(Instant now, int days) {
        return PointLot.forSignUp(uuid(), key(MALL), 5000, days, now);
    }

    @ParameterizedTest
    @CsvSource({
        // In Seoul it is the 2nd until 15:00 UTC and the 3rd from then on.
        "2026-01-02T03:04:05Z, 365, 2027-01-02T15:00:00Z",
        "2026-01-02T14:59:59.999999999Z, 365, 2027-01-02T15:00:00Z",
        "2026-01-02T15:00:00Z, 365, 2027-01-03T15:00:00Z",
        "2028-02-28T15:00:00Z, 1, 2028-03-01T15:00:00Z",
        "2026-01-02T03:04:05Z, 1, 2026-01-03T15:00:00Z"
    })
    void a_lot_counts_until_its_last_day_ends_in_korea(Instant granted, int days, Instant end) {
        assertThat(lot(granted, days).expiresAt()).isEqualTo(end);
    }

    @Test
    void the_rest_of_a_lot_counts_until_it_expires() {
        PointLot lot = lot(NOW, 1);

        assertThat(lot.countsAt(lot.expiresAt().minusNanos(1))).isEqualTo(5000);
        assertThat(lot.countsAt(lot.expiresAt())).isZero();
    }

    @Test
    void a_lot_never_holds_more_than_was_granted() {
        assertThatThrownBy(() -> new PointLot(uuid(), key(MALL), "SIGNUP", 10, 11, NOW, NOW))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new PointLot(uuid(), key(MALL), "SIGNUP", 0, 0, NOW, NOW))
                .isInstanceOf(InvalidValue.class);
    }

    @ParameterizedTest
    @CsvSource({"9999, 0", "10000, 1000", "10009, 1000", "50000, 5000", "50001, 5000", "1000000000, 5000"})
    void a_percentage_is_rounded_down_and_capped_and_counts_from_the_minimum_order(long order, long off) {
        var policy = new CouponPolicy("signup", 1, new Discount.Percent(10, 5000L), 10_000, 30);

        assertThat(policy.discountOf(order)).isEqualTo(off);
    }

    @Test
    void an_amount_is_never_more_than_the_price() {
        var policy = new CouponPolicy("signup", 1, new Discount.Amount(3000), 0, 30);

        assertThat(policy.discountOf(2999)).isEqualTo(2999);
        assertThat(policy.discountOf(3001)).isEqualTo(3000);
        assertThat(new Discount.Percent(100, null).of(Discount.MOST)).isEqualTo(Discount.MOST);
    }

    @Test
    void a_coupon_expires_after_its_days() {
        Coupon.Issued coupon = POLICY.issue(uuid(), key(MALL), NOW);

        assertThat(coupon.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(30)));
        assertThat(coupon.at(coupon.expiresAt().minusNanos(1))).isSameAs(coupon);
        assertThat(coupon.at(coupon.expiresAt())).isEqualTo(new Coupon.Expired(coupon));
        assertThat(coupon.at(coupon.expiresAt()).issued()).isSameAs(coupon);
    }
}
