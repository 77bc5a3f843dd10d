package mallstream.member.application.service;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.AttemptWebhooks;
import mallstream.member.application.port.in.ReadWebhookDeliveries;
import mallstream.member.application.port.in.RegisterWebhookEndpoint;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.AddressNotAllowed;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.Registered;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.model.MallId;
import mallstream.member.model.RequestKey;
import mallstream.member.model.Unavailable;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WebhooksTest {
    private static final URI URL = URI.create("https://hooks.example.com/in");
    private static final RequestKey KEY = new RequestKey("shop", "POST", "/w", "k-1", new byte[] {1});

    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final Fakes ports = new Fakes(clock);
    private final UseCases useCases = new UseCases(ports, clock);
    private final Receiver receiver = new Receiver();
    private final RegisterWebhookEndpoint register = useCases.register(receiver);
    private final AttemptWebhooks attempt = useCases.attempt(receiver);
    private final ReadWebhookDeliveries read = useCases.readDeliveries();

    private WebhookEndpoint registered(MallId mall) {
        var answer = (Answer.Given<RegisterWebhookEndpoint.Result>) register.register(mall, URL, null);
        return ((Registered) answer.value()).endpoint();
    }

    private void signUps(int count) {
        ports.run(() -> ports.deliveries()
                .add(Stream.generate(() -> signUp(MALL)).limit(count).toList()));
    }

    private WebhookDelivery only(WebhookEndpoint endpoint) {
        List<WebhookDelivery> deliveries = read.read(MALL, endpoint.id()).orElseThrow();
        assertThat(deliveries).hasSize(1);
        return deliveries.getFirst();
    }

    @Test
    void an_address_that_is_not_allowed_is_refused_with_the_reason() {
        receiver.refusal = "points inward";

        assertThat(register.register(MALL, URL, null))
                .isEqualTo(new Answer.Given<>(new AddressNotAllowed("points inward")));
    }

    @Test
    void the_same_key_gets_the_same_endpoint_and_secret_even_if_the_address_is_refused_by_now() {
        var first = (Answer.Given<RegisterWebhookEndpoint.Result>) register.register(MALL, URL, KEY);
        receiver.refusal = "points inward";

        assertThat(register.register(MALL, URL, KEY)).isEqualTo(first);
    }

    @Test
    void a_refused_address_stores_no_key() {
        receiver.refusal = "points inward";
        register.register(MALL, URL, KEY);
        receiver.refusal = null;

        assertThat(register.register(MALL, URL, KEY))
                .isInstanceOfSatisfying(
                        Answer.Given.class, given -> assertThat(given.value()).isInstanceOf(Registered.class));
    }

    @Test
    void deliveries_are_shown_to_the_mall_of_the_endpoint_only() {
        WebhookEndpoint endpoint = registered(MALL);

        assertThat(read.read(MALL, endpoint.id())).contains(List.of());
        assertThat(read.read(OTHER_MALL, endpoint.id())).isEmpty();
        assertThat(read.read(MALL, uuid())).isEmpty();
    }

    @Test
    void nothing_due_is_no_attempt() {
        registered(MALL);

        assertThat(attempt.attemptDue()).isZero();
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void an_attempt_carries_id_address_secret_and_its_time() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        clock.pass(Duration.ofSeconds(1));

        assertThat(attempt.attemptDue()).isEqualTo(1);

        WebhookDelivery delivery = only(endpoint);
        assertThat(delivery.state()).isEqualTo(State.DELIVERED);
        assertThat(receiver.received).singleElement().satisfies(message -> {
            assertThat(message.id()).isEqualTo(delivery.id().toString());
            assertThat(message.endpointId()).isEqualTo(endpoint.id());
            assertThat(message.url()).isEqualTo(URL);
            assertThat(message.secrets()).containsExactly(endpoint.secret().bytes());
            assertThat(message.attemptedAt()).isEqualTo(clock.instant());
            assertThat(message.body()).contains(delivery.memberId().toString());
        });
        assertThat(attempt.attemptDue()).isZero();
    }

    @Test
    void a_failed_attempt_is_made_again_with_the_same_id_until_the_schedule_ends() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.Failed(503, "http-503", null);
        Instant start = clock.instant();

        for (int made = 1; made < 10; made++) {
            assertThat(attempt.attemptDue()).isEqualTo(1);
            WebhookDelivery delivery = only(endpoint);
            assertThat(delivery.state()).isEqualTo(State.PENDING);
            assertThat(delivery.attempts()).isEqualTo(made);
            assertThat(attempt.attemptDue()).as("not before its time").isZero();
            clock.pass(Duration.between(clock.instant(), delivery.nextAttemptAt()));
        }
        assertThat(attempt.attemptDue()).isEqualTo(1);

        WebhookDelivery delivery = only(endpoint);
        assertThat(delivery.state()).isEqualTo(State.GIVEN_UP);
        assertThat(delivery.lastReason()).isEqualTo("http-503");
        assertThat(delivery.nextAttemptAt()).isNull();
        assertThat(receiver.received)
                .hasSize(10)
                .extracting(SendWebhooks.Message::id)
                .containsOnly(delivery.id().toString());
        assertThat(Duration.between(start, clock.instant())).isBetween(Duration.ofHours(75), Duration.ofHours(84));
    }

    @Test
    void a_secret_that_does_not_open_fails_its_own_deliveries_and_nobody_elses() {
        WebhookEndpoint endpoint = registered(MALL);
        WebhookEndpoint unreadable = registered(MALL);
        ports.loseSecret(unreadable.id());
        signUps(1);

        assertThat(attempt.attemptDue()).isEqualTo(2);

        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
        assertThat(only(unreadable).state()).isEqualTo(State.PENDING);
        assertThat(only(unreadable).lastReason()).isEqualTo("secret-unreadable");
    }

    @Test
    void an_attempt_that_was_not_made_costs_nothing_and_comes_again() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.NotMade();

        assertThat(attempt.attemptDue()).isZero();
        assertThat(only(endpoint).attempts()).isZero();
        receiver.answer = message -> new SendWebhooks.Result.Delivered(204);

        assertThat(attempt.attemptDue()).isEqualTo(1);
        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void what_a_receiver_asks_for_by_retry_after_is_honoured() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.Failed(429, "http-429", Duration.ofMinutes(3));

        attempt.attemptDue();

        assertThat(only(endpoint).nextAttemptAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(3)));
    }

    @Test
    void a_receiver_that_is_gone_gets_no_more_and_what_waits_for_it_is_given_up() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(7);
        receiver.answer = message -> new SendWebhooks.Result.Gone();

        assertThat(attempt.attemptDue()).isEqualTo(5);
        signUps(1);

        assertThat(attempt.attemptDue()).isZero();
        assertThat(read.read(MALL, endpoint.id()).orElseThrow())
                .hasSize(7)
                .extracting(WebhookDelivery::state)
                .containsOnly(State.GIVEN_UP);
    }

    @Test
    void one_endpoint_gets_five_at_a_time_and_does_not_keep_others_waiting() {
        WebhookEndpoint busy = registered(MALL);
        signUps(20);
        WebhookEndpoint other = registered(MALL);
        signUps(1);

        attempt.attemptDue();

        assertThat(calls(busy.id())).isEqualTo(5);
        assertThat(calls(other.id())).isEqualTo(1);
    }

    private long calls(UUID endpoint) {
        return receiver.received.stream()
                .filter(message -> message.endpointId().equals(endpoint))
                .count();
    }

    @Test
    void attempts_that_could_not_be_recorded_are_made_again_after_the_lease() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        ports.transactions().failAfter(1);

        assertThatThrownBy(attempt::attemptDue).isInstanceOf(Unavailable.class);
        assertThat(attempt.attemptDue()).isZero();
        clock.pass(Duration.ofMinutes(3));
        assertThat(attempt.attemptDue()).isEqualTo(1);
        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
    }

    private final class Receiver implements SendWebhooks {
        private final List<Message> received = new ArrayList<>();
        private Function<Message, Result> answer = message -> new Result.Delivered(204);
        private @Nullable String refusal;

        @Override
        public Optional<String> whyNot(URI url) {
            ports.transactions().mustBeClosed();
            return Optional.ofNullable(refusal);
        }

        @Override
        public List<Result> send(List<Message> messages) {
            ports.transactions().mustBeClosed();
            received.addAll(messages);
            return messages.stream().map(answer).toList();
        }
    }
}
