package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.signUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
import mallstream.member.application.port.out.WebhookDeliveries.Due;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

abstract class WebhookDeliveriesContract extends Contract {
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** After everything that was added. */
    private final Instant later = Instant.now().plusSeconds(3600);

    WebhookDeliveriesContract(Ports ports) {
        super(ports);
    }

    private WebhookEndpoint added(MallId mall) {
        WebhookEndpoint endpoint = endpoint(mall);
        ports.run(() -> ports.endpoints().add(endpoint));
        return endpoint;
    }

    private int add(MemberSignedUp... signUps) {
        return inOne(() -> ports.deliveries().add(Arrays.asList(signUps)));
    }

    private List<Due> lease(int perEndpoint, int most) {
        return inOne(() -> ports.deliveries().lease(later, perEndpoint, most, LEASE));
    }

    private void record(Attempted... attempts) {
        ports.run(() -> ports.deliveries().record(Arrays.asList(attempts)));
    }

    @Test
    void a_delivery_that_was_let_go_is_leased_again_without_an_attempt_and_by_a_late_hand_not_let_go() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL));
        Due first = lease(5, 10).getFirst();

        ports.run(() -> ports.deliveries().release(List.of(first)));
        Due second = lease(5, 10).getFirst();
        ports.run(() -> ports.deliveries().release(List.of(first)));

        assertThat(second.lease()).isGreaterThan(first.lease());
        assertThat(lease(5, 10)).as("the second lease holds").isEmpty();
        assertThat(newestOf(endpoint).getFirst().attempts()).isZero();
    }

    private static Attempted delivered(Due due, Instant at) {
        return new Attempted(due, State.DELIVERED, 204, null, null, at);
    }

    private List<WebhookDelivery> newestOf(WebhookEndpoint endpoint) {
        return inOne(() -> ports.deliveries().newestOf(endpoint.id(), 100));
    }

    @Test
    void each_sign_up_goes_to_each_endpoint_of_its_mall_once() {
        WebhookEndpoint first = added(MALL);
        WebhookEndpoint second = added(MALL);
        WebhookEndpoint elsewhere = added(OTHER_MALL);
        MemberSignedUp signUp = signUp(MALL);
        MemberSignedUp another = signUp(MALL);

        assertThat(add(signUp, another, signUp)).isEqualTo(4);
        assertThat(add(signUp(new Member.Key(MALL, signUp.memberId()))))
                .as("republished with another id")
                .isZero();
        assertThat(newestOf(first)).hasSize(2);
        assertThat(newestOf(second)).hasSize(2);
        assertThat(newestOf(elsewhere)).isEmpty();
        assertThat(add()).isZero();
    }

    @Test
    void a_new_delivery_is_due_and_names_the_member_and_where_it_goes() {
        WebhookEndpoint endpoint = added(MALL);
        MemberSignedUp signUp = signUp(MALL);
        add(signUp);

        assertThat(lease(10, 10)).singleElement().satisfies(due -> {
            assertThat(due.attempts()).isZero();
            assertThat(due.body()).contains(signUp.memberId().toString());
            assertThat(due.endpoint().id()).isEqualTo(endpoint.id());
            assertThat(due.endpoint().url()).isEqualTo(endpoint.url());
            assertThat(due.endpoint().secrets())
                    .extracting(Secret::bytes)
                    .containsExactly(endpoint.secret().bytes());
            assertThat(due.endpoint().failing()).isFalse();
        });
    }

    @Test
    void deliveries_have_ids_of_version_7_each_its_own() {
        added(MALL);
        added(MALL);
        add(signUp(MALL), signUp(MALL), signUp(MALL));

        assertThat(lease(10, 10))
                .extracting(Due::id)
                .hasSize(6)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> {
                    assertThat(id.version()).isEqualTo(7);
                    assertThat(id.variant()).isEqualTo(2);
                });
    }

    @Test
    void an_endpoint_at_its_cap_gets_no_more_and_holds_back_no_other() {
        WebhookEndpoint busy = added(MALL);
        WebhookEndpoint idle = added(OTHER_MALL);
        add(signUp(MALL), signUp(MALL));
        List<Due> first = lease(1, 10);
        add(signUp(OTHER_MALL));

        assertThat(first).extracting(due -> due.endpoint().id()).containsExactly(busy.id());
        assertThat(lease(1, 10)).extracting(due -> due.endpoint().id()).containsExactly(idle.id());
        record(delivered(first.getFirst(), NOW));
        assertThat(lease(10, 10)).extracting(due -> due.endpoint().id()).containsExactly(busy.id());
    }

    @Test
    void no_more_are_leased_than_asked_per_endpoint_and_in_all() {
        added(MALL);
        added(MALL);
        added(OTHER_MALL);
        add(Stream.generate(() -> signUp(MALL)).limit(5).toArray(MemberSignedUp[]::new));
        add(signUp(OTHER_MALL), signUp(OTHER_MALL), signUp(OTHER_MALL));

        List<Due> leased = lease(2, 5);

        assertThat(leased).hasSize(5);
        assertThat(leased.stream()
                        .map(due -> due.endpoint().id())
                        .distinct()
                        .mapToLong(id -> leased.stream()
                                .filter(due -> due.endpoint().id().equals(id))
                                .count()))
                .allMatch(count -> count <= 2);
    }

    @Test
    void a_delivered_one_is_due_no_more() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL));
        record(delivered(lease(10, 10).getFirst(), NOW));

        assertThat(lease(10, 10)).isEmpty();
        assertThat(newestOf(endpoint)).singleElement().satisfies(delivery -> {
            assertThat(delivery.state()).isEqualTo(State.DELIVERED);
            assertThat(delivery.attempts()).isEqualTo(1);
            assertThat(delivery.lastStatus()).isEqualTo(204);
            assertThat(delivery.lastReason()).isNull();
            assertThat(delivery.nextAttemptAt()).isNull();
        });
    }

    @Test
    void a_failed_one_is_due_again_at_its_time() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL));
        Due first = lease(10, 10).getFirst();
        Instant next = Instant.parse("2100-01-01T00:00:00Z");

        record(new Attempted(first, State.PENDING, 503, "http-503", next, NOW));

        assertThat(newestOf(endpoint)).singleElement().satisfies(delivery -> {
            assertThat(delivery.state()).isEqualTo(State.PENDING);
            assertThat(delivery.lastStatus()).isEqualTo(503);
            assertThat(delivery.lastReason()).isEqualTo("http-503");
            assertThat(delivery.nextAttemptAt()).isEqualTo(next);
        });
        assertThat(inOne(() -> ports.deliveries().lease(next.minusMillis(1), 10, 10, LEASE)))
                .isEmpty();
        assertThat(inOne(() -> ports.deliveries().lease(next, 10, 10, LEASE)))
                .singleElement()
                .satisfies(due -> {
                    assertThat(due.id()).isEqualTo(first.id());
                    assertThat(due.attempts()).isEqualTo(1);
                    assertThat(due.lease()).isGreaterThan(first.lease());
                });
    }

    @Test
    void when_a_lease_runs_out_another_takes_it_and_the_late_answer_changes_nothing() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL));
        Due late = inOne(() -> ports.deliveries().lease(later, 1, 1, Duration.ofMillis(1)))
                .getFirst();
        Due second = await().until(() -> lease(1, 1), due -> !due.isEmpty()).getFirst();

        record(new Attempted(late, State.GIVEN_UP, 500, "http-500", null, NOW));
        assertThat(newestOf(endpoint))
                .extracting(WebhookDelivery::state, WebhookDelivery::attempts)
                .containsExactly(Tuple.tuple(State.PENDING, 0));

        record(delivered(second, NOW));
        assertThat(newestOf(endpoint)).extracting(WebhookDelivery::state).containsExactly(State.DELIVERED);
    }

    @Test
    void an_attempt_that_outlived_its_lease_is_not_recorded_even_if_nobody_took_it() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL));
        Due late = inOne(() -> ports.deliveries().lease(later, 1, 1, Duration.ofMillis(1)))
                .getFirst();

        await().untilAsserted(() -> {
            assertThat(recorded(new Attempted(late, State.PENDING, 500, "http-500", later, NOW)))
                    .isEmpty();
        });
        assertThat(newestOf(endpoint)).extracting(WebhookDelivery::state).containsExactly(State.PENDING);
    }

    @Test
    void an_attempt_of_a_delivery_that_was_given_up_meanwhile_brings_it_not_back() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL));
        Due due = lease(1, 1).getFirst();
        ports.run(() -> ports.endpoints().disable(endpoint.id(), "by-request", NOW));
        assertThat(giveUp(9)).isEqualTo(1);

        assertThat(recorded(new Attempted(due, State.PENDING, 500, "http-500", later, NOW)))
                .isEmpty();
        assertThat(newestOf(endpoint)).extracting(WebhookDelivery::state).containsExactly(State.GIVEN_UP);
    }

    @Test
    void what_waits_for_a_disabled_endpoint_is_given_up_in_bites_and_shown_so_from_the_start() {
        WebhookEndpoint endpoint = added(MALL);
        add(Stream.generate(() -> signUp(MALL)).limit(5).toArray(MemberSignedUp[]::new));
        added(MALL);
        add(signUp(MALL));
        assertThat(giveUp(9)).isZero();
        ports.run(() -> ports.endpoints().disable(endpoint.id(), "by-request", NOW));

        for (int bite : new int[] {4, 2, 0}) {
            assertThat(newestOf(endpoint)).hasSize(6).allSatisfy(delivery -> {
                assertThat(delivery.state()).isEqualTo(State.GIVEN_UP);
                assertThat(delivery.lastReason()).isEqualTo("by-request");
                assertThat(delivery.nextAttemptAt()).isNull();
            });
            assertThat(giveUp(4)).isEqualTo(bite);
        }
        assertThat(lease(9, 9)).hasSize(1);
        ports.run(() -> ports.endpoints().enable(endpoint.id()));
        assertThat(lease(9, 9)).isEmpty();
        assertThat(redeliverFailed(endpoint, NOW.plusMillis(1), 9)).isZero();
        assertThat(redeliverFailed(endpoint, NOW, 9)).isEqualTo(6);
    }

    @Test
    void what_was_not_given_up_yet_when_its_endpoint_is_enabled_goes_on() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL), signUp(MALL));
        ports.run(() -> ports.endpoints().disable(endpoint.id(), "by-request", NOW));
        assertThat(giveUp(1)).isEqualTo(1);
        ports.run(() -> ports.endpoints().enable(endpoint.id()));

        assertThat(giveUp(9)).isZero();
        assertThat(lease(9, 9)).hasSize(1);
    }

    private int giveUp(int most) {
        return inOne(() -> ports.deliveries().giveUp(most));
    }

    @Test
    void those_that_were_recorded_are_told() {
        added(MALL);
        add(signUp(MALL));
        Attempted done = delivered(lease(1, 1).getFirst(), NOW);

        assertThat(recorded(done)).containsExactly(done);
        assertThat(recorded(done)).as("once").isEmpty();
    }

    private List<Attempted> recorded(Attempted attempt) {
        return inOne(() -> ports.deliveries().record(List.of(attempt)));
    }

    @Test
    void an_endpoint_may_want_other_types_only() {
        WebhookEndpoint other = endpoint(MALL, Set.of("order.changed"));
        WebhookEndpoint both = endpoint(MALL, Set.of("order.changed", "member.signed-up"));
        ports.run(() -> ports.endpoints().add(other));
        ports.run(() -> ports.endpoints().add(both));

        assertThat(add(signUp(MALL))).isEqualTo(1);
        assertThat(newestOf(both)).hasSize(1);
    }

    @Test
    void a_test_event_is_due_for_every_endpoint_and_about_nobody() {
        WebhookEndpoint endpoint = endpoint(MALL, Set.of("order.changed"));
        ports.run(() -> ports.endpoints().add(endpoint));
        UUID first = inOne(() -> ports.deliveries().addTest(endpoint.id(), NOW));
        UUID second = inOne(() -> ports.deliveries().addTest(endpoint.id(), NOW));

        assertThat(lease(5, 5)).extracting(Due::id).containsExactlyInAnyOrder(first, second);
        assertThat(newestOf(endpoint)).allSatisfy(delivery -> {
            assertThat(delivery.type()).isEqualTo("webhook.test");
            assertThat(delivery.memberId()).isNull();
        });
    }

    @Test
    void a_delivery_is_made_due_again_with_its_id_and_a_whole_schedule() {
        WebhookEndpoint endpoint = added(MALL);
        add(signUp(MALL));
        Due first = lease(1, 1).getFirst();
        assertThat(again(endpoint, first.id())).as("it is under way").isTrue();
        record(delivered(first, NOW));
        assertThat(lease(1, 1)).isEmpty();

        assertThat(again(endpoint, first.id())).isTrue();
        assertThat(again(endpoint, key(MALL).memberId().value())).isFalse();
        assertThat(again(added(OTHER_MALL), first.id())).isFalse();

        assertThat(lease(1, 1)).singleElement().satisfies(due -> {
            assertThat(due.id()).isEqualTo(first.id());
            assertThat(due.attempts()).isZero();
        });
    }

    private boolean again(WebhookEndpoint endpoint, UUID id) {
        return inOne(() -> ports.deliveries().redeliver(endpoint.id(), id, NOW));
    }

    @Test
    void those_that_failed_since_are_made_due_again_in_bites_and_no_others() {
        WebhookEndpoint endpoint = added(MALL);
        add(Stream.generate(() -> signUp(MALL)).limit(5).toArray(MemberSignedUp[]::new));
        List<Due> due = lease(5, 5);
        record(delivered(due.get(0), NOW.plusSeconds(9)));
        for (int n = 1; n < 5; n++) {
            record(new Attempted(due.get(n), State.GIVEN_UP, 500, "http-500", null, NOW.plusSeconds(n)));
        }

        assertThat(redeliverFailed(endpoint, NOW.plusSeconds(2), 2)).isEqualTo(2);
        assertThat(lease(9, 9))
                .extracting(Due::id)
                .containsExactlyInAnyOrder(due.get(2).id(), due.get(3).id());
        assertThat(redeliverFailed(endpoint, NOW.plusSeconds(2), 2)).isEqualTo(1);
        assertThat(redeliverFailed(endpoint, NOW.plusSeconds(2), 2)).isZero();
    }

    private int redeliverFailed(WebhookEndpoint endpoint, Instant since, int most) {
        return inOne(() -> ports.deliveries().redeliverFailed(endpoint.id(), since, most, NOW));
    }

    @Test
    void a_paused_endpoint_gets_nothing_and_after_the_pause_one_at_a_time() {
        WebhookEndpoint paused = added(MALL);
        add(signUp(MALL), signUp(MALL));
        Instant end = later.plusSeconds(10);
        ports.run(() -> ports.endpoints().lockHealth(List.of(paused.id())));
        ports.run(() ->
                ports.endpoints().saveHealth(paused.id(), new EndpointHealth(5, 1, NOW, end, NOW, Duration.ZERO)));

        assertThat(lease(5, 5)).isEmpty();
        List<Due> probe = inOne(() -> ports.deliveries().lease(end, 5, 5, LEASE));
        assertThat(probe)
                .singleElement()
                .satisfies(due -> assertThat(due.endpoint().failing()).isTrue());
        assertThat(inOne(() -> ports.deliveries().lease(end, 5, 5, LEASE))).isEmpty();

        record(delivered(probe.getFirst(), NOW));
        ports.run(() -> ports.endpoints().saveHealth(paused.id(), EndpointHealth.WELL));
        assertThat(lease(5, 5)).hasSize(1);
    }

    @Test
    void the_newest_of_an_endpoint_come_first_and_no_more_than_asked() {
        WebhookEndpoint endpoint = added(MALL);
        MemberSignedUp older = signUp(MALL);
        MemberSignedUp newer = signUp(MALL);
        add(older);
        add(newer);

        assertThat(newestOf(endpoint))
                .extracting(WebhookDelivery::memberId)
                .containsExactly(newer.memberId(), older.memberId());
        assertThat(inOne(() -> ports.deliveries().newestOf(endpoint.id(), 1)))
                .extracting(WebhookDelivery::memberId)
                .containsExactly(newer.memberId());
    }

    @Test
    void those_about_a_member_are_found_and_nobody_elses() {
        UUID first = added(MALL).id();
        UUID second = added(MALL).id();
        MemberSignedUp signUp = signUp(MALL);
        add(signUp, signUp(MALL));

        assertThat(inOne(() -> ports.deliveries().about(new Member.Key(MALL, signUp.memberId()))))
                .extracting(WebhookDelivery::endpointId)
                .containsExactlyInAnyOrder(first, second);
        assertThat(inOne(() -> ports.deliveries().about(new Member.Key(OTHER_MALL, signUp.memberId()))))
                .isEmpty();
        assertThat(inOne(() -> ports.deliveries().about(key(MALL)))).isEmpty();
    }

    @Test
    void ended_ones_are_forgotten_in_bites_and_waiting_ones_never() {
        WebhookEndpoint endpoint = added(MALL);
        add(Stream.generate(() -> signUp(MALL)).limit(4).toArray(MemberSignedUp[]::new));
        lease(3, 3).forEach(due -> record(delivered(due, NOW)));

        assertThat(inOne(() -> ports.deliveries().purge(NOW, 10))).isZero();
        assertThat(inOne(() -> ports.deliveries().purge(NOW.plusMillis(1), 2))).isEqualTo(2);
        assertThat(inOne(() -> ports.deliveries().purge(later.plus(LEASE), 2))).isEqualTo(1);
        assertThat(newestOf(endpoint)).extracting(WebhookDelivery::state).containsExactly(State.PENDING);
    }
}
