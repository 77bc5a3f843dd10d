package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Discount;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class CouponPoliciesContract extends Contract {
    CouponPoliciesContract(Ports ports) {
        super(ports);
    }

    private MallCouponPolicy added(MallId mall, String code, Discount discount, @Nullable Instant until) {
        return inOne(() -> {
            int version = ports.policies().nextVersion(mall, code);
            var policy = new MallCouponPolicy(
                    uuid(), mall, new CouponPolicy(code, version, discount, 500, 7), NOW.plusSeconds(1), until, NOW);
            ports.policies().add(policy);
            return policy;
        });
    }

    private List<MallCouponPolicy> versions(MallId... malls) {
        return inOne(() -> ports.policies().versions(List.of(malls), "signup"));
    }

    @Test
    void versions_count_from_two_per_mall_and_code_and_come_newest_first() {
        MallCouponPolicy first = added(MALL, "signup", new Discount.Percent(10, 5000L), NOW.plusSeconds(9));
        MallCouponPolicy second = added(MALL, "signup", new Discount.Percent(20, null), null);
        MallCouponPolicy third = added(MALL, "signup", new Discount.Amount(3000), null);
        MallCouponPolicy elsewhere = added(OTHER_MALL, "signup", new Discount.Amount(1), null);
        MallCouponPolicy birthday = added(MALL, "birthday", new Discount.Amount(1), null);

        assertThat(versions(MALL)).containsExactly(third, second, first);
        assertThat(List.of(first, second, third, elsewhere, birthday))
                .extracting(one -> one.policy().version())
                .containsExactly(2, 3, 4, 2, 2);
        assertThat(versions(OTHER_MALL, MALL)).containsExactlyInAnyOrder(third, second, first, elsewhere);
        assertThat(versions()).isEmpty();
    }

    @Test
    void a_version_is_found_by_its_id() {
        MallCouponPolicy version = added(MALL, "signup", new Discount.Amount(3000), null);

        assertThat(inOne(() -> ports.policies().find(version.id()))).contains(version);
        assertThat(inOne(() -> ports.policies().find(uuid()))).isEmpty();
    }
}
