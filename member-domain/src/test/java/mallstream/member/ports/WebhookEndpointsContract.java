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
import java.util.List;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
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

        assertThat(inOne(() -> ports.deliveries().purge(NOW.plusMillis(1), 10))).isEqualTo(1);
    }

    @Test
    void an_endpoint_can_be_disabled_twice_and_is_still_found() {
        WebhookEndpoint endpoint = added();
        disable(endpoint);
        disable(endpoint);

        assertThat(inOne(() -> ports.endpoints().find(MALL, endpoint.id()))).isPresent();
    }
}
