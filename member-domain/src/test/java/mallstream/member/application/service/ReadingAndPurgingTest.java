package mallstream.member.application.service;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.POLICY;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import mallstream.member.application.port.in.Found;
import mallstream.member.application.port.in.ReadMember.View;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
import mallstream.member.model.Coupon;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;
import mallstream.member.model.RequestKey;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import mallstream.member.ports.Some;
import org.junit.jupiter.api.Test;

class ReadingAndPurgingTest {
    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final Fakes ports = new Fakes(clock);
    private final UseCases useCases = new UseCases(ports, clock);

    private View read(Member.Key key) {
        return ((Found.Shown<View>) useCases.readMember().read(key)).value();
    }

    @Test
    void a_member_is_read_with_coupons_points_and_webhooks_as_they_are_now() {
        Member member = Some.member(MALL);
        Member.Key key = keyOf(member);
        Coupon.Issued coupon = POLICY.issue(uuid(), key, clock.instant());
        PointLot old = new PointLot(
                uuid(), key, "OLD", 300, 200, clock.instant(), clock.instant().plusSeconds(1));
        PointLot lot = PointLot.forSignUp(uuid(), key, 5000, 365, clock.instant());
        ports.run(() -> {
            ports.members().add(member);
            ports.coupons().issueOnce(List.of(coupon));
            ports.points().grantOnce(List.of(old));
            ports.points().grantOnce(List.of(lot));
            ports.endpoints().add(endpoint(MALL));
            ports.deliveries().add(List.of(signUp(key)));
        });

        var fresh = read(key);
        assertThat(fresh.member()).isEqualTo(member);
        assertThat(fresh.coupons()).containsExactly(coupon);
        assertThat(fresh.balance()).isEqualTo(5200);
        assertThat(fresh.webhooks()).hasSize(1);

        clock.pass(Duration.ofDays(30));
        var later = read(key);
        assertThat(later.coupons()).containsExactly(new Coupon.Expired(coupon));
        assertThat(later.balance()).isEqualTo(5000);
        assertThat(later.lots()).containsExactlyInAnyOrder(old, lot);
        assertThat(useCases.readMember().read(new Member.Key(OTHER_MALL, member.id())))
                .isEqualTo(new Found.Absent<>());
    }

    @Test
    void keys_are_forgotten_after_a_day_and_finished_deliveries_after_thirty() {
        ports.run(() -> {
            ports.keys().remember(new RequestKey("a", "POST", "/", "k", new byte[0]), uuid(), clock.instant());
            ports.endpoints().add(endpoint(MALL));
            ports.deliveries().add(List.of(signUp(MALL), signUp(MALL)));
            ports.deliveries()
                    .lease(clock.instant(), 1, 1, Duration.ofSeconds(1))
                    .forEach(due -> ports.deliveries()
                            .record(List.of(new Attempted(due, State.DELIVERED, 200, null, null, clock.instant()))));
        });

        clock.pass(Duration.ofHours(24).minusMillis(1));
        assertThat(useCases.purge().purge()).isZero();
        clock.pass(Duration.ofMillis(1));
        assertThat(useCases.purge().purge()).as("the key").isEqualTo(1);
        clock.pass(Duration.ofDays(29));
        assertThat(useCases.purge().purge()).isZero();
        clock.pass(Duration.ofMillis(1));
        assertThat(useCases.purge().purge()).as("the delivery that ended").isEqualTo(1);
        assertThat(useCases.purge().purge()).isZero();
    }
}
