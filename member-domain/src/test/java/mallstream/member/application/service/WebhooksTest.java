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
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.AttemptWebhooks;
import mallstream.member.application.port.in.ManageWebhookEndpoints;
import mallstream.member.application.port.in.ReadWebhookDeliveries;
import mallstream.member.application.port.in.RegisterWebhookEndpoint;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.AddressNotAllowed;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.Deleted;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.Registered;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.UnknownType;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.MallId;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.RequestKey;
import mallstream.member.model.Unavailable;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {
    private static final URI URL = URI.create("https://hooks.example.com/in");
    private static final RequestKey KEY = new RequestKey("shop", "POST", "/w", "k-1", new byte[] {1});

    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final Fakes ports = new Fakes(clock);
    private final UseCases useCases = new UseCases(ports, clock);
    private final Receiver receiver = new Receiver();
    private final RegisterWebhookEndpoint register = useCases.register(receiver);
    private final AttemptWebhooks attempt = useCases.attempt(receiver);
    private final ManageWebhookEndpoints manage = useCases.manage();
    private final ReadWebhookDeliveries read = useCases.readDeliveries();

    private WebhookEndpoint registered(MallId mall) {
        var answer = (Answer.Given<RegisterWebhookEndpoint.Result>) register.register(mall, URL, Set.of(), null);
        return ((Registered) answer.value()).endpoint();
    }

    private void signUps(int count) {
        ports.run(() -> ports.deliveries()
                .add(Stream.generate(() -> signUp(MALL)).limit(count).toList()));
    }

    /** The number of calls that a round makes. */
    private int attempts() {
        int before = receiver.received.size();
        attempt.attemptDue();
        return receiver.received.size() - before;
    }

    private WebhookDelivery only(WebhookEndpoint endpoint) {
        List<WebhookDelivery> deliveries = read.read(MALL, endpoint.id()).orElseThrow();
        assertThat(deliveries).hasSize(1);
        return deliveries.getFirst();
    }

    @Test
    void an_address_that_is_not_allowed_is_refused_with_the_reason() {
        receiver.refusal = "points inward";

        assertThat(register.register(MALL, URL, Set.of(), null))
                .isEqualTo(new Answer.Given<>(new AddressNotAllowed("points inward")));
    }

    @Test
    void the_same_key_gets_the_same_endpoint_and_secret_even_if_the_address_is_refused_by_now() {
        var first = (Answer.Given<RegisterWebhookEndpoint.Result>) register.register(MALL, URL, Set.of(), KEY);
        receiver.refusal = "points inward";

        assertThat(register.register(MALL, URL, Set.of(), KEY)).isEqualTo(first);
    }

    @Test
    void a_refused_address_stores_no_key() {
        receiver.refusal = "points inward";
        register.register(MALL, URL, Set.of(), KEY);
        receiver.refusal = null;

        assertThat(register.register(MALL, URL, Set.of(), KEY))
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

        assertThat(attempts()).isZero();
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void an_attempt_carries_id_address_secret_and_its_time() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        clock.pass(Duration.ofSeconds(1));

        assertThat(attempts()).isEqualTo(1);

        WebhookDelivery delivery = only(endpoint);
        assertThat(delivery.state()).isEqualTo(State.DELIVERED);
        assertThat(receiver.received).singleElement().satisfies(message -> {
            assertThat(message.id()).isEqualTo(delivery.id().toString());
            assertThat(message.endpointId()).isEqualTo(endpoint.id());
            assertThat(message.url()).isEqualTo(URL);
            assertThat(message.secrets()).containsExactly(endpoint.secret().bytes());
            assertThat(message.attemptedAt()).isEqualTo(clock.instant());
            assertThat(message.body()).contains(String.valueOf(delivery.memberId()));
        });
        assertThat(attempts()).isZero();
    }

    @Test
    void a_failed_attempt_is_made_again_with_the_same_id_until_the_schedule_ends() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.Failed(503, "http-503", null);
        Instant start = clock.instant();

        for (int made = 1; made < 10; made++) {
            assertThat(attempts()).isEqualTo(1);
            WebhookDelivery delivery = only(endpoint);
            assertThat(delivery.state()).isEqualTo(State.PENDING);
            assertThat(delivery.attempts()).isEqualTo(made);
            assertThat(attempts()).as("not before its time").isZero();
            clock.pass(Duration.between(clock.instant(), delivery.nextAttemptAt()));
        }
        assertThat(attempts()).isEqualTo(1);

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

        assertThat(attempts()).isEqualTo(1);

        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
        assertThat(manage.read(MALL, unreadable.id()).orElseThrow().health())
                .as("it is not to blame")
                .isEqualTo(EndpointHealth.WELL);
        assertThat(only(unreadable).state()).isEqualTo(State.PENDING);
        assertThat(only(unreadable).lastReason()).isEqualTo("secret-unreadable");
    }

    @Test
    void an_attempt_that_was_not_made_costs_nothing_and_comes_again() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.NotMade();

        attempt.attemptDue();
        assertThat(only(endpoint).attempts()).isZero();
        receiver.answer = message -> new SendWebhooks.Result.Delivered(204);

        assertThat(attempts()).isEqualTo(1);
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

        assertThat(attempts()).isEqualTo(5);
        signUps(1);

        assertThat(attempts()).isZero();
        assertThat(attempt.disabled()).containsExactly(new AttemptWebhooks.Disabled(endpoint.id(), MALL, "gone"));
        assertThat(attempt.giveUpDisabled()).isEqualTo(2);
        assertThat(attempt.giveUpDisabled()).isZero();
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

    @Test
    void no_more_of_an_endpoint_are_leased_than_may_be_called_at_the_same_time() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(20);
        receiver.mostPerEndpoint = 2;
        receiver.hanging = true;

        assertThat(attempt.attemptDue()).isEqualTo(2);
        assertThat(attempt.attemptDue()).isZero();
        assertThat(calls(endpoint.id())).isEqualTo(2);
    }

    @Test
    void attempts_that_were_refused_are_no_work() {
        registered(MALL);
        signUps(3);
        receiver.answer = message -> new SendWebhooks.Result.NotMade();

        assertThat(attempt.attemptDue()).isZero();
        assertThat(attempt.attemptDue()).isZero();
        receiver.answer = message -> new SendWebhooks.Result.Delivered(204);
        assertThat(attempt.attemptDue()).as("3 started and recorded").isEqualTo(6);
    }

    @Test
    void a_round_waits_for_no_receiver_and_what_ends_later_is_recorded_later() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.hanging = true;

        assertThat(attempt.attemptDue()).isEqualTo(1);
        assertThat(attempt.attemptDue()).isZero();
        assertThat(only(endpoint).attempts()).isZero();
        receiver.hanging = false;

        assertThat(attempt.attemptDue()).isEqualTo(1);
        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void at_the_end_what_is_under_way_is_waited_for_and_recorded() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.hanging = true;
        attempt.attemptDue();
        receiver.hanging = false;

        attempt.finish();

        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
    }

    @Test
    void an_attempt_that_outlived_its_lease_changes_neither_delivery_nor_endpoint() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.Failed(500, "http-500", null);
        receiver.hanging = true;
        attempt.attemptDue();
        clock.pass(Duration.ofSeconds(61));
        receiver.hanging = false;
        receiver.answer = message -> new SendWebhooks.Result.Delivered(204);

        attempt.attemptDue();

        assertThat(receiver.received).hasSize(2);
        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
        assertThat(only(endpoint).attempts()).isEqualTo(1);
        assertThat(health(endpoint)).isEqualTo(EndpointHealth.WELL);
    }

    @Test
    void an_endpoint_that_fails_five_times_is_paused_and_then_tried_with_one_call_until_it_answers() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(12);
        receiver.answer = message -> new SendWebhooks.Result.Failed(0, "timeout", null);

        assertThat(attempts()).isEqualTo(5);
        assertThat(attempts()).as("paused").isZero();
        assertThat(health(endpoint).failingSince()).isEqualTo(clock.instant());
        clock.pass(Duration.ofSeconds(11));
        assertThat(attempts()).isEqualTo(1);
        assertThat(attempts()).isZero();
        receiver.answer = message -> new SendWebhooks.Result.Delivered(204);
        clock.pass(Duration.ofSeconds(22));
        assertThat(attempts()).isEqualTo(1);

        assertThat(health(endpoint)).isEqualTo(EndpointHealth.WELL);
        assertThat(attempts()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 504})
    void an_endpoint_that_has_too_much_to_do_is_paused_at_once(int status) {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.Failed(status, "http-" + status, null);

        attempt.attemptDue();
        signUps(1);

        assertThat(health(endpoint).isPaused(clock.instant())).isTrue();
        assertThat(attempts()).isZero();
    }

    @Test
    void retry_after_pauses_the_whole_endpoint() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        receiver.answer = message -> new SendWebhooks.Result.Failed(503, "http-503", Duration.ofMinutes(3));

        attempt.attemptDue();
        signUps(1);

        assertThat(health(endpoint).pausedUntil()).isEqualTo(clock.instant().plus(Duration.ofMinutes(3)));
        clock.pass(Duration.ofMinutes(2));
        assertThat(attempts()).isZero();
    }

    @Test
    void an_endpoint_that_fails_for_five_days_is_disabled_visibly_and_can_be_enabled_again() {
        WebhookEndpoint endpoint = registered(MALL);
        receiver.answer = message -> new SendWebhooks.Result.Failed(500, "http-500", null);
        Instant start = clock.instant();
        for (int day = 0; day < 5; day++) {
            signUps(1);
            attempt.attemptDue();
            clock.pass(Duration.ofDays(1));
        }
        clock.pass(Duration.ofMillis(-1));
        attempt.attemptDue();
        assertThat(shown(endpoint).disabled()).isNull();
        assertThat(attempt.disabled()).isEmpty();
        clock.pass(Duration.ofMinutes(20));

        attempt.attemptDue();

        assertThat(shown(endpoint).disabled()).isEqualTo(new RegisteredEndpoint.Disabled(clock.instant(), "failing"));
        assertThat(shown(endpoint).health().failingSince()).isEqualTo(start);
        assertThat(attempt.disabled()).containsExactly(new AttemptWebhooks.Disabled(endpoint.id(), MALL, "failing"));
        assertThat(attempt.disabled()).as("once").isEmpty();
        assertThat(attempt.giveUpDisabled()).isEqualTo(5);
        signUps(1);
        assertThat(attempts()).isZero();
        assertThat(manage.test(MALL, endpoint.id(), null))
                .isEqualTo(new Answer.Given<>(new ManageWebhookEndpoints.Sent.EndpointDisabled()));

        manage.enable(MALL, endpoint.id());
        receiver.answer = message -> new SendWebhooks.Result.Delivered(204);
        assertThat(manage.redeliverFailed(MALL, endpoint.id(), start))
                .isEqualTo(new ManageWebhookEndpoints.Sent.Many(5));
        assertThat(attempts()).isEqualTo(5);
        assertThat(shown(endpoint).health()).isEqualTo(EndpointHealth.WELL);
    }

    @Test
    void weeks_without_an_attempt_are_not_failing_and_a_hiccup_after_them_disables_nothing() {
        WebhookEndpoint endpoint = registered(MALL);
        receiver.answer = message -> new SendWebhooks.Result.Failed(500, "http-500", null);
        signUps(1);
        attempt.attemptDue();
        while (only(endpoint).state() == State.PENDING) {
            clock.pass(Duration.between(clock.instant(), only(endpoint).nextAttemptAt()));
            attempt.attemptDue();
        }
        clock.pass(Duration.ofDays(27));

        signUps(1);
        assertThat(attempts()).isEqualTo(1);
        assertThat(shown(endpoint).disabled()).isNull();

        for (int halfDay = 0; halfDay < 4; halfDay++) {
            clock.pass(Duration.ofHours(12));
            attempt.attemptDue();
        }
        assertThat(shown(endpoint).disabled()).as("it goes on failing").isNotNull();
    }

    @Test
    void a_single_success_ends_the_count_of_five_days() {
        WebhookEndpoint endpoint = registered(MALL);
        receiver.answer = message -> new SendWebhooks.Result.Failed(500, "http-500", null);
        signUps(1);
        attempt.attemptDue();
        receiver.answer = message -> new SendWebhooks.Result.Delivered(204);
        clock.pass(Duration.ofDays(4));
        attempt.attemptDue();
        receiver.answer = message -> new SendWebhooks.Result.Failed(500, "http-500", null);
        clock.pass(Duration.ofDays(2));
        signUps(1);
        attempt.attemptDue();

        assertThat(shown(endpoint).disabled()).isNull();
        assertThat(shown(endpoint).health().failingSince()).isEqualTo(clock.instant());
    }

    @Test
    void during_a_rotation_both_secrets_are_handed_over_to_sign_the_newest_first() {
        WebhookEndpoint endpoint = registered(MALL);
        RequestKey key = new RequestKey("shop", "POST", "/r", "k-2", new byte[] {1});
        var rotated = (Answer.Given<Optional<ManageWebhookEndpoints.Rotated>>) manage.rotate(MALL, endpoint.id(), key);
        assertThat(manage.rotate(MALL, endpoint.id(), key))
                .as("the key rotates once")
                .isEqualTo(rotated);
        byte[] fresh = rotated.value().orElseThrow().secret().bytes();

        signUps(1);
        attempt.attemptDue();
        clock.pass(Duration.ofDays(1));
        signUps(1);
        attempt.attemptDue();

        assertThat(receiver.received.get(0).secrets())
                .containsExactly(fresh, endpoint.secret().bytes());
        assertThat(receiver.received.get(1).secrets()).containsExactly(fresh);
    }

    @Test
    void a_test_event_is_sent_once_per_key() {
        WebhookEndpoint endpoint = registered(MALL);
        var first = manage.test(MALL, endpoint.id(), KEY);

        assertThat(manage.test(MALL, endpoint.id(), KEY)).isEqualTo(first);
        assertThat(attempts()).isEqualTo(1);
        assertThat(only(endpoint).type()).isEqualTo("webhook.test");
    }

    @Test
    void a_delivery_is_sent_again_with_its_id() {
        WebhookEndpoint endpoint = registered(MALL);
        signUps(1);
        attempt.attemptDue();
        WebhookDelivery delivery = only(endpoint);

        assertThat(manage.redeliver(MALL, endpoint.id(), delivery.id()))
                .isEqualTo(new ManageWebhookEndpoints.Sent.One(delivery.id()));
        assertThat(attempts()).isEqualTo(1);
        assertThat(receiver.received)
                .extracting(SendWebhooks.Message::id)
                .containsOnly(delivery.id().toString());
        assertThat(manage.redeliver(OTHER_MALL, endpoint.id(), delivery.id()))
                .isEqualTo(new ManageWebhookEndpoints.Sent.NoSuchEndpoint());
        assertThat(manage.redeliver(MALL, endpoint.id(), uuid()))
                .isEqualTo(new ManageWebhookEndpoints.Sent.NoSuchDelivery());
    }

    @Test
    void a_type_that_there_is_not_is_refused_and_a_key_of_a_deleted_endpoint_makes_no_other() {
        assertThat(register.register(MALL, URL, Set.of("member.signed-off"), null))
                .isEqualTo(new Answer.Given<>(new UnknownType(Set.of("member.signed-up"))));

        var first = (Answer.Given<RegisterWebhookEndpoint.Result>) register.register(MALL, URL, Set.of(), KEY);
        UUID id = ((Registered) first.value()).endpoint().id();
        assertThat(manage.delete(OTHER_MALL, id)).isFalse();
        assertThat(manage.delete(MALL, id)).isTrue();

        assertThat(register.register(MALL, URL, Set.of(), KEY)).isEqualTo(new Answer.Given<>(new Deleted()));
        assertThat(manage.delete(MALL, id)).isFalse();
        assertThat(manage.read(MALL, id)).isEmpty();
    }

    private RegisteredEndpoint shown(WebhookEndpoint endpoint) {
        return manage.read(MALL, endpoint.id()).orElseThrow();
    }

    private EndpointHealth health(WebhookEndpoint endpoint) {
        return shown(endpoint).health();
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
        assertThat(attempts()).isZero();
        clock.pass(Duration.ofMinutes(3));
        assertThat(attempts()).isEqualTo(1);
        assertThat(only(endpoint).state()).isEqualTo(State.DELIVERED);
    }

    private final class Receiver implements SendWebhooks {
        private final List<Message> received = new ArrayList<>();
        private final List<Ended> ended = new ArrayList<>();
        private boolean hanging;
        private int mostPerEndpoint = 5;
        private Function<Message, Result> answer = message -> new Result.Delivered(204);
        private @Nullable String refusal;

        @Override
        public Optional<String> whyNot(URI url) {
            ports.transactions().mustBeClosed();
            return Optional.ofNullable(refusal);
        }

        @Override
        public int room() {
            return 50;
        }

        @Override
        public int mostPerEndpoint() {
            return mostPerEndpoint;
        }

        @Override
        public int running() {
            return ended.size();
        }

        @Override
        public int start(List<Message> messages) {
            ports.transactions().mustBeClosed();
            received.addAll(messages);
            List<Ended> these = messages.stream()
                    .map(message -> new Ended(message, answer.apply(message)))
                    .toList();
            ended.addAll(these);
            return (int) these.stream()
                    .filter(one -> !(one.result() instanceof Result.NotMade))
                    .count();
        }

        @Override
        public List<Ended> ended(Duration most) {
            ports.transactions().mustBeClosed();
            if (hanging) {
                return List.of();
            }
            var now = List.copyOf(ended);
            ended.clear();
            return now;
        }
    }
}
