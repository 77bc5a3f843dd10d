package mallstream.member.model;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MallCouponPolicyTest {
    private static final MallCouponPolicy ALWAYS = version(2, at(0), null, at(0));
    private static final MallCouponPolicy A_WHILE = version(3, at(20), at(30), at(10));

    private static Instant at(long second) {
        return NOW.plusSeconds(second);
    }

    private static MallCouponPolicy version(int number, Instant from, @Nullable Instant until, Instant setAt) {
        var policy = new CouponPolicy(CouponPolicy.SIGNUP, number, new Discount.Amount(number), 0, 30);
        return new MallCouponPolicy(uuid(), MALL, policy, from, until, setAt);
    }

    @Test
    void the_newest_active_version_is_in_force_and_gives_way_when_its_time_is_over() {
        List<MallCouponPolicy> versions = List.of(A_WHILE, ALWAYS);

        assertThat(MallCouponPolicy.inForce(versions, at(-1))).isEmpty();
        assertThat(MallCouponPolicy.inForce(versions, at(0))).contains(ALWAYS);
        assertThat(MallCouponPolicy.inForce(versions, at(20).minusNanos(1))).contains(ALWAYS);
        assertThat(MallCouponPolicy.inForce(versions, at(20))).contains(A_WHILE);
        assertThat(MallCouponPolicy.inForce(versions, at(30).minusNanos(1))).contains(A_WHILE);
        assertThat(MallCouponPolicy.inForce(versions, at(30))).contains(ALWAYS);
    }

    @Test
    void a_version_never_counts_for_the_time_before_it_was_set() {
        MallCouponPolicy backdated = version(4, at(0), null, at(50));

        assertThat(MallCouponPolicy.inForce(List.of(ALWAYS, backdated), at(49))).contains(ALWAYS);
        assertThat(MallCouponPolicy.inForce(List.of(ALWAYS, backdated), at(50))).contains(backdated);
    }

    @Test
    void a_time_that_ends_before_it_starts_is_refused() {
        assertThatThrownBy(() -> version(2, at(1), at(1), at(0))).hasMessageStartingWith("activeUntil: ");
    }
}
