package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.member.application.port.out.WebhookDeliveries.Due;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.junit.jupiter.api.Test;

abstract class WebhookEndpointsContract extends Contract {
    WebhookEndpointsContract(Ports ports) {
        super(ports);
    }

    private WebhookEndpoint added() {
        WebhookEndpoint endpoint = endpoint(MALL);
        ports.run(() -> ports.endpoints().add(endpoint));
        return endpoint;
    }

    private void disable(WebhookEndpoint endpoint) {
        ports.run(() -> ports.endpoints().disable(endpoint.id(), "gone", NOW));
    }

    @Test
    void an_endpoint_is_found_in_its_mall_with_its_secret_and_in_no_other() {
        WebhookEndpoint endpoint = added();

        assertThat(inOne(() -> ports.endpoints().find(MALL, endpoint.id()))).hasValueSatisfying(found -> {
            assertThat(found.url()).isEqualTo(endpoint.url());
            assertThat(found.registeredAt()).isEqualTo(endpoint.registeredAt());
            assertThat(found.secret().bytes()).isEqualTo(endpoint.secret().bytes());
        });
        assertThat(inOne(() -> ports.endpoints().find(OTHER_MALL, endpoint.id())))
                .isEmpty();
        assertThat(inOne(() -> ports.endpoints().find(MALL, uuid()))).isEmpty();
    }

    @Test
    void a_disabled_endpoint_ends_the_deliveries_that_wait_and_gets_no_new_ones() {
        WebhookEndpoint endpoint = added();
        WebhookEndpoint other = added();
        ports.run(() -> ports.deliveries().add(List.of(signUp(MALL))));

        disable(endpoint);

        assertThat(inOne(() -> ports.deliveries().add(List.of(signUp(MALL))))).isEqualTo(1);
        assertThat(inOne(() -> ports.deliveries().newestOf(endpoint.id(), 10)))
                .singleElement()
                .satisfies(delivery -> {
                    assertThat(delivery.state()).isEqualTo(State.GIVEN_UP);
                    assertThat(delivery.lastReason()).isEqualTo("gone");
                    assertThat(delivery.nextAttemptAt()).isNull();
                });
        assertThat(inOne(() -> ports.deliveries().newestOf(other.id(), 10)))
                .hasSize(2)
                .extracting(WebhookDelivery::state)
                .containsOnly(State.PENDING);
        assertThat(inOne(() -> ports.deliveries().lease(Instant.now().plusSeconds(60), 10, 10, Duration.ofMinutes(1))))
                .extracting(due -> due.endpoint().id())
                .containsOnly(other.id());
    }

    @Test
    void deliveries_of_a_disabled_endpoint_are_purged_like_others() {
        WebhookEndpoint endpoint = added();
        ports.run(() -> ports.deliveries().add(List.of(signUp(MALL))));
        disable(endpoint);
        ports.run(() -> ports.deliveries().giveUp(10));

        assertThat(inOne(() -> ports.deliveries().purge(NOW.plusMillis(1), 10))).isEqualTo(1);
    }

    private RegisteredEndpoint shown(WebhookEndpoint endpoint) {
        return inOne(() -> ports.endpoints().show(MALL, endpoint.id())).orElseThrow();
    }

    private List<Secret> secretsAt(Instant now) {
        Due due = inOne(() -> ports.deliveries().lease(now, 1, 1, Duration.ofMinutes(1)))
                .getFirst();
        ports.run(() -> ports.deliveries().release(List.of(due)));
        return due.endpoint().secrets();
    }

    @Test
    void after_a_rotation_both_secrets_sign_for_a_while_the_newest_first_and_never_a_third() {
        WebhookEndpoint endpoint = added();
        ports.run(() -> ports.deliveries().add(List.of(signUp(MALL))));
        Instant until = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
        Secret second = Secret.from(Some.RANDOM);
        Secret third = Secret.from(Some.RANDOM);

        ports.run(() -> ports.endpoints().rotate(endpoint.id(), second, until));
        assertThat(secretsAt(until.minusMillis(1)))
                .extracting(Secret::bytes)
                .containsExactly(second.bytes(), endpoint.secret().bytes());
        assertThat(secretsAt(until)).extracting(Secret::bytes).containsExactly(second.bytes());
        assertThat(shown(endpoint).bothSecretsUntil()).isEqualTo(until);

        ports.run(() -> ports.endpoints().rotate(endpoint.id(), third, until));
        assertThat(secretsAt(until.minusMillis(1)))
                .extracting(Secret::bytes)
                .containsExactly(third.bytes(), second.bytes());
        assertThat(inOne(() -> ports.endpoints().find(MALL, endpoint.id())))
                .hasValueSatisfying(found -> assertThat(found.secret().bytes()).isEqualTo(third.bytes()));
    }

    @Test
    void health_is_kept_as_it_is_saved_and_shown() {
        WebhookEndpoint endpoint = added();
        var health = new EndpointHealth(7, 2, NOW, NOW.plusSeconds(20), NOW.plusSeconds(9), Duration.ofMillis(8765));

        assertThat(inOne(() -> ports.endpoints().lockHealth(List.of(endpoint.id(), uuid()))))
                .isEqualTo(Map.of(endpoint.id(), EndpointHealth.WELL));
        ports.run(() -> ports.endpoints().saveHealth(endpoint.id(), health));

        assertThat(shown(endpoint).health()).isEqualTo(health);
        disable(endpoint);
        assertThat(inOne(() -> ports.endpoints().lockHealth(List.of(endpoint.id()))))
                .as("of enabled ones only")
                .isEmpty();
    }

    @Test
    void a_disabled_endpoint_says_since_when_and_why_and_comes_back_well() {
        WebhookEndpoint endpoint = added();
        ports.run(() -> ports.endpoints()
                .saveHealth(endpoint.id(), new EndpointHealth(7, 2, NOW, NOW, NOW, Duration.ofDays(5))));
        disable(endpoint);
        assertThat(inOne(() -> ports.endpoints().disable(endpoint.id(), "failing", NOW.plusSeconds(1))))
                .isEmpty();

        assertThat(shown(endpoint).disabled()).isEqualTo(new RegisteredEndpoint.Disabled(NOW, "gone"));
        ports.run(() -> ports.endpoints().enable(endpoint.id()));

        assertThat(shown(endpoint).disabled()).isNull();
        assertThat(shown(endpoint).health()).isEqualTo(EndpointHealth.WELL);
        assertThat(inOne(() -> ports.deliveries().add(List.of(signUp(MALL))))).isEqualTo(1);
        assertThat(inOne(() -> ports.endpoints().disable(endpoint.id(), "failing", NOW)))
                .contains(MALL);
    }

    @Test
    void enabling_an_enabled_one_forgets_none_of_its_failures() {
        WebhookEndpoint endpoint = added();
        var health = new EndpointHealth(3, 0, NOW, null, NOW, Duration.ofDays(1));
        ports.run(() -> ports.endpoints().saveHealth(endpoint.id(), health));
        ports.run(() -> ports.endpoints().enable(endpoint.id()));

        assertThat(shown(endpoint).health()).isEqualTo(health);
    }

    @Test
    void a_deleted_endpoint_is_seen_by_nobody_and_gets_nothing() {
        WebhookEndpoint endpoint = added();
        ports.run(() -> ports.deliveries().add(List.of(signUp(MALL))));

        ports.run(() -> ports.endpoints().delete(endpoint.id(), NOW));

        assertThat(inOne(() -> ports.endpoints().find(MALL, endpoint.id()))).isEmpty();
        assertThat(inOne(() -> ports.endpoints().show(MALL, endpoint.id()))).isEmpty();
        assertThat(inOne(() -> ports.endpoints().exists(MALL, endpoint.id()))).isFalse();
        assertThat(inOne(() -> ports.endpoints().of(MALL, 10))).isEmpty();
        assertThat(inOne(() -> ports.deliveries().add(List.of(signUp(MALL))))).isZero();
        ports.run(() -> ports.deliveries().giveUp(10));
        assertThat(inOne(() -> ports.deliveries().purge(NOW.plusMillis(1), 10))).isEqualTo(1);
    }

    @Test
    void a_malls_endpoints_are_listed_with_their_types_and_no_other_malls() {
        WebhookEndpoint first = added();
        WebhookEndpoint second = endpoint(MALL, Set.of("a.b", "c.d"));
        ports.run(() -> ports.endpoints().add(second));
        ports.run(() -> ports.endpoints().add(endpoint(OTHER_MALL)));

        assertThat(inOne(() -> ports.endpoints().of(MALL, 10)))
                .extracting(RegisteredEndpoint::id)
                .containsExactly(first.id(), second.id());
        assertThat(inOne(() -> ports.endpoints().of(MALL, 1))).hasSize(1);
        assertThat(shown(first).types()).isEmpty();
        assertThat(shown(second).types()).containsExactlyInAnyOrder("a.b", "c.d");
        assertThat(shown(second).url()).isEqualTo(second.url());
    }

    @Test
    void an_endpoint_can_be_disabled_twice_and_is_still_found() {
        WebhookEndpoint endpoint = added();
        disable(endpoint);
        disable(endpoint);

        assertThat(inOne(() -> ports.endpoints().find(MALL, endpoint.id()))).isPresent();
    }
}
