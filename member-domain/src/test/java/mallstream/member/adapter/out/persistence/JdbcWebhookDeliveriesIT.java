package mallstream.member.adapter.out.persistence;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
import mallstream.member.application.port.out.WebhookDeliveries.Due;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.ports.Database;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JdbcWebhookDeliveriesIT {
    private final Database database = Database.emptied();

    private List<Due> lease() {
        Instant later = Instant.now().plusSeconds(60);
        return database.transactions().inOne(() -> database.deliveries().lease(later, 3, 50, Duration.ofMinutes(1)));
    }

    @Test
    void the_body_is_what_standard_webhooks_want() {
        MemberSignedUp signUp = signUp(MALL);
        database.run(() -> {
            database.endpoints().add(endpoint(MALL));
            database.endpoints().add(endpoint(MALL));
        });
        database.run(() -> database.deliveries().add(List.of(signUp)));

        List<Due> due = lease();
        assertThat(due).hasSize(2);
        JsonNode body = JsonMapper.shared().readTree(due.getFirst().body());
        assertThat(body).isEqualTo(JsonMapper.shared().readTree("""
                {"type": "member.signed-up", "timestamp": "2026-01-02T03:04:05Z",
                 "data": {"mallId": "mall-1", "memberId": "%s"}}""".formatted(signUp.memberId())));
    }

    @Test
    void the_jar_before_this_one_still_adds_endpoints_that_get_everything() {
        WebhookEndpoint readable = endpoint(MALL);
        database.run(() -> database.endpoints().add(readable));
        // As it inserts: without the columns that it does not know.
        database.jdbc().sql("""
                        insert into member.webhook_endpoint (id, mall_id, url, secret, registered_at)
                        select ?, mall_id, url, secret, registered_at from member.webhook_endpoint""").param(uuid()).update();

        assertThat(database.transactions().inOne(() -> database.deliveries().add(List.of(signUp(MALL)))))
                .isEqualTo(2);
        assertThat(lease()).hasSize(2);
    }

    @Test
    void the_secrets_of_a_deleted_endpoint_are_gone_and_it_goes_with_its_last_delivery() {
        WebhookEndpoint endpoint = endpoint(MALL);
        database.run(() -> database.endpoints().add(endpoint));
        database.run(() -> database.endpoints().rotate(endpoint.id(), endpoint.secret(), Instant.now()));
        database.run(() -> database.deliveries().add(List.of(signUp(MALL))));
        Instant now = Instant.now();
        database.run(() -> database.endpoints().delete(endpoint.id(), now));
        database.run(() -> database.deliveries().giveUp(10));

        assertThat(database.jdbc()
                        .sql(
                                "select length(secret) + coalesce(length(previous_secret), 0) from member.webhook_endpoint")
                        .query(Integer.class)
                        .single())
                .isZero();
        database.run(() -> database.deliveries().purge(now, 10));
        assertThat(database.count("webhook_endpoint")).isEqualTo(1);
        database.run(() -> database.deliveries().purge(now.plusSeconds(1), 10));
        assertThat(database.count("webhook_endpoint")).isZero();
    }

    @Test
    void an_id_holds_the_millisecond_in_which_the_database_made_it() {
        database.run(() -> database.endpoints().add(endpoint(MALL)));
        long before = databaseMillis();
        database.run(() -> database.deliveries().add(List.of(signUp(MALL), signUp(MALL))));
        long after = databaseMillis();

        assertThat(lease())
                .hasSize(2)
                .extracting(due -> due.id().getMostSignificantBits() >>> 16)
                .allSatisfy(millis -> assertThat(millis).isBetween(before, after));
    }

    private long databaseMillis() {
        return database.jdbc()
                .sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant()
                .toEpochMilli();
    }

    @Test
    void a_secret_that_does_not_open_keeps_nobody_elses_delivery_waiting() {
        WebhookEndpoint unreadable = endpoint(MALL);
        database.run(() -> {
            database.endpoints().add(endpoint(MALL));
            database.endpoints().add(unreadable);
        });
        database.run(() -> database.deliveries().add(List.of(signUp(MALL))));
        database.jdbc()
                .sql(
                        "update member.webhook_endpoint set secret = set_byte(secret, 20, 255 - get_byte(secret, 20)) where id = ?")
                .param(unreadable.id())
                .update();

        assertThat(lease())
                .hasSize(2)
                .allSatisfy(due -> assertThat(due.endpoint().secrets().isEmpty())
                        .isEqualTo(due.endpoint().id().equals(unreadable.id())));
    }

    @Test
    void a_backlog_of_several_bites_ends_with_its_endpoint_and_keeps_nobody_elses_result_waiting() {
        WebhookEndpoint hopeless = endpoint(MALL);
        WebhookEndpoint other = endpoint(OTHER_MALL);
        database.run(() -> {
            database.endpoints().add(hopeless);
            database.endpoints().add(other);
        });
        database.run(() -> database.deliveries().add(List.of(signUp(OTHER_MALL))));
        Due due = lease().getFirst();
        backlog(hopeless, 2500);

        database.run(() -> database.endpoints().disable(hopeless.id(), "failing", Instant.now()));
        assertThat(waiting())
                .as("none in the transaction that others' results stand in")
                .isEqualTo(2501);

        int first = database.transactions().inOne(() -> {
            int bite = database.deliveries().giveUp(1000);
            // Another transaction, while the bite holds what it has taken.
            List<List<Attempted>> recorded =
                    Together.run(List.<Callable<List<Attempted>>>of(() -> database.transactions()
                            .inOne(() -> database.deliveries()
                                    .record(List.of(
                                            new Attempted(due, State.DELIVERED, 204, null, null, Instant.now()))))));
            assertThat(recorded.getFirst()).hasSize(1);
            return bite;
        });
        assertThat(first).isEqualTo(1000);
        assertThat(waiting()).isEqualTo(1500);
        assertThat(List.of(bite(), bite(), bite())).containsExactly(1000, 500, 0);
        assertThat(waiting()).isZero();
        assertThat(database.jdbc()
                        .sql("select count(*) from member.webhook_endpoint where giving_up")
                        .query(Long.class)
                        .single())
                .as("nothing is left to look for")
                .isZero();
    }

    private int bite() {
        return database.transactions().inOne(() -> database.deliveries().giveUp(1000));
    }

    private long waiting() {
        return database.count("webhook_delivery where state = 'PENDING'");
    }

    private void backlog(WebhookEndpoint endpoint, int rows) {
        database.jdbc()
                .sql("""
                        insert into member.webhook_delivery
                          (id, endpoint_id, mall_id, member_id, event_type, body, next_attempt_at)
                        select member.uuid_v7(), ?, ?, member.uuid_v7(), 'member.signed-up', '{}',
                          now() - interval '1 h'
                        from generate_series(1, ?)""")
                .param(endpoint.id())
                .param(endpoint.mallId().value())
                .param(rows)
                .update();
    }

    @RepeatedTest(10)
    void runners_that_lease_at_the_same_time_never_pass_the_cap_of_an_endpoint() {
        database.run(() -> Stream.generate(() -> endpoint(MALL)).limit(4).forEach(database.endpoints()::add));
        database.run(() -> database.deliveries()
                .add(Stream.generate(() -> signUp(MALL)).limit(30).toList()));

        for (int round = 0; round < 5; round++) {
            List<List<Due>> leases = Together.run(Collections.nCopies(4, (Callable<List<Due>>) this::lease));

            List<Due> all = leases.stream().flatMap(List::stream).toList();
            assertThat(all).extracting(Due::id).doesNotHaveDuplicates();
            assertThat(all.stream().collect(groupingBy(due -> due.endpoint().id(), counting())))
                    .allSatisfy((endpoint, leased) -> assertThat(leased).isBetween(1L, 3L));
            database.run(() -> database.deliveries()
                    .record(all.stream()
                            .map(due -> new Attempted(due, State.DELIVERED, 200, null, null, Instant.now()))
                            .toList()));
        }
    }
}
