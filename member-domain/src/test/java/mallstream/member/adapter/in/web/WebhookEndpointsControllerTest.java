package mallstream.member.adapter.in.web;

import static mallstream.member.adapter.in.web.MembersControllerTest.assertProblem;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.MediaType.APPLICATION_JSON;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.WebhookDelivery.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WebhookEndpointsControllerTest {
    private static final String BODY = "{\"url\": \"https://hooks.example.com/in\"}";

    private final Web web = Web.overFakes();
    private final MockMvcTester http = web.serving(new WebhookEndpointsController(
            web.useCases.register(new OutwardOnly()), web.useCases.manage(), web.useCases.readDeliveries(), web.clock));

    private MvcTestResult post(String body, String key) {
        return http.post()
                .uri("/api/malls/mall-1/webhook-endpoints")
                .header("Idempotency-Key", key)
                .contentType(APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult deliveries(String mall, Object endpoint) {
        return http.get()
                .uri("/api/malls/{mall}/webhook-endpoints/{endpoint}/deliveries", mall, endpoint)
                .exchange();
    }

    private static JsonNode json(MvcTestResult answer) {
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    private String registered() {
        return json(post(BODY, "k-0")).get("endpointId").asString();
    }

    @Test
    void a_registration_answers_201_with_id_and_secret_and_nothing_else() {
        MvcTestResult created = post(BODY, "k-1");

        assertThat(created).hasStatus(201);
        assertThat(json(created).propertyNames()).containsExactlyInAnyOrder("endpointId", "secret");
        assertThat(json(created).get("secret").asString()).matches("whsec_[A-Za-z0-9+/]{43}=");
    }

    @Test
    void the_same_key_gets_the_same_answer_and_another_body_422() {
        MvcTestResult first = post(BODY, "k-1");

        assertThat(json(post(BODY, "k-1"))).isEqualTo(json(first));
        assertProblem(post(BODY.replace("/in", "/other"), "k-1"), 422, "Idempotency-Key");
    }

    @Test
    void an_address_that_is_not_allowed_answers_422_with_the_reason() {
        assertProblem(post("{\"url\": \"https://inside.example.com/\"}", "k-1"), 422, "url: points inward");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"url\": null}", "{\"url\": \"\"}", "{\"url\": \"https://a b\"}", "{\"url\": \"::\"}"})
    void an_address_that_is_none_answers_400(String body) {
        assertProblem(post(body, "k-1"), 400, "url: must be");
    }

    @Test
    void an_address_that_is_too_long_answers_400() {
        assertProblem(post("{\"url\": \"https://a.example/" + "a".repeat(2000) + "\"}", "k-1"), 400, "url: must have");
    }

    @Test
    void deliveries_are_shown_with_states_and_next_attempt() {
        String endpoint = registered();
        MemberSignedUp signUp = signUp(MALL);
        web.ports.run(() -> web.ports.deliveries().add(List.of(signUp)));
        var next = web.clock.instant().plusSeconds(5);
        var due = web.ports
                .transactions()
                .inOne(() -> web.ports.deliveries().lease(web.clock.instant(), 1, 1, Duration.ofMinutes(1)))
                .getFirst();
        web.ports.run(() -> web.ports
                .deliveries()
                .record(List.of(new Attempted(due, State.PENDING, 503, "http-503", next, web.clock.instant()))));

        MvcTestResult answer = deliveries("mall-1", endpoint);

        assertThat(answer).hasStatusOk();
        assertThat(answer).bodyJson().isStrictlyEqualTo("""
                {"deliveries": [{"deliveryId": "%s", "endpointId": "%s", "type": "member.signed-up",
                                 "memberId": "%s", "state": "pending",
                                 "attempts": 1, "lastStatus": 503, "lastReason": "http-503",
                                 "nextAttemptAt": "2026-01-02T03:04:10Z"}]}""".formatted(due.id(), endpoint, signUp.memberId()));
    }

    private MvcTestResult call(String path) {
        return http.post()
                .uri("/api/malls/mall-1/webhook-endpoints/" + path)
                .contentType(APPLICATION_JSON)
                .exchange();
    }

    private MvcTestResult get(String path) {
        return http.get().uri("/api/malls/mall-1/webhook-endpoints" + path).exchange();
    }

    @Test
    void endpoints_are_shown_with_types_and_state_and_without_secrets() {
        post("{\"url\": \"https://hooks.example.com/in\", \"types\": [\"member.signed-up\"]}", "k-1");

        MvcTestResult list = get("");

        assertThat(list).hasStatusOk();
        JsonNode one = json(list).get("endpoints").get(0);
        assertThat(one.propertyNames())
                .containsExactlyInAnyOrder(
                        "endpointId",
                        "url",
                        "types",
                        "state",
                        "registeredAt",
                        "failures",
                        "failingSince",
                        "pausedUntil",
                        "disabledSince",
                        "disabledReason",
                        "bothSecretsUntil");
        assertThat(one.get("state").asString()).isEqualTo("enabled");
        assertThat(one.get("types").get(0).asString()).isEqualTo("member.signed-up");
        assertThat(json(get("/" + one.get("endpointId").asString()))).isEqualTo(one);
    }

    @Test
    void a_failing_a_paused_and_a_disabled_endpoint_say_so() {
        String endpoint = registered();
        UUID id = UUID.fromString(endpoint);
        var now = web.clock.instant();
        web.ports.run(
                () -> web.ports.endpoints().saveHealth(id, new EndpointHealth(1, 0, now, null, now, Duration.ZERO)));
        assertThat(json(get("/" + endpoint)).get("state").asString()).isEqualTo("failing");

        web.ports.run(() -> web.ports
                .endpoints()
                .saveHealth(id, new EndpointHealth(5, 1, now, now.plusSeconds(9), now, Duration.ZERO)));
        JsonNode paused = json(get("/" + endpoint));
        assertThat(paused.get("state").asString()).isEqualTo("paused");
        assertThat(paused.get("pausedUntil").asString()).isEqualTo("2026-01-02T03:04:14Z");
        assertThat(paused.get("failingSince").asString()).isEqualTo("2026-01-02T03:04:05Z");

        JsonNode disabled = json(call(endpoint + "/disable"));
        assertThat(disabled.get("state").asString()).isEqualTo("disabled");
        assertThat(disabled.get("disabledReason").asString()).isEqualTo("by-request");
        assertThat(disabled.get("disabledSince").asString()).isEqualTo("2026-01-02T03:04:05Z");
        assertProblem(call(endpoint + "/test"), 409, "enable it first");
        assertThat(json(call(endpoint + "/enable")).get("state").asString()).isEqualTo("enabled");
    }

    @Test
    void a_rotation_shows_the_new_secret_once_and_until_when_both_sign() {
        String endpoint = registered();

        JsonNode rotated = json(call(endpoint + "/rotate-secret"));

        assertThat(rotated.get("secret").asString()).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(rotated.get("bothSecretsUntil").asString()).isEqualTo("2026-01-03T03:04:05Z");
        assertThat(get("/" + endpoint)).bodyText().doesNotContain("whsec_");
    }

    @Test
    void a_test_event_answers_201_and_redeliveries_202() {
        String endpoint = registered();
        MvcTestResult test = call(endpoint + "/test");
        assertThat(test).hasStatus(201);
        String delivery = json(test).get("deliveryId").asString();

        MvcTestResult again = call(endpoint + "/deliveries/" + delivery + "/redeliver");
        assertThat(again).hasStatus(202);
        assertThat(json(again).get("deliveryId").asString()).isEqualTo(delivery);
        assertProblem(call(endpoint + "/deliveries/" + uuid() + "/redeliver"), 404, "no such delivery");

        MvcTestResult failed = since(endpoint, "{\"since\": \"2026-01-01T09:00:00+09:00\"}");
        assertThat(failed).hasStatus(202);
        assertThat(failed).bodyJson().isStrictlyEqualTo("{\"deliveries\": 0}");
        assertProblem(since(endpoint, "{\"since\": \"yesterday\"}"), 400, "since: must be a time");
        assertProblem(since(endpoint, "{}"), 400, "since: must be present");
    }

    private MvcTestResult since(String endpoint, String body) {
        return http.post()
                .uri("/api/malls/mall-1/webhook-endpoints/" + endpoint + "/redeliver-failed")
                .contentType(APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    @Test
    void a_deleted_endpoint_answers_404_everywhere() {
        String endpoint = registered();
        assertThat(http.delete()
                        .uri("/api/malls/mall-1/webhook-endpoints/" + endpoint)
                        .exchange())
                .hasStatus(204);

        assertProblem(get("/" + endpoint), 404, "no such endpoint");
        for (String action : List.of("enable", "disable", "rotate-secret", "test")) {
            assertProblem(call(endpoint + "/" + action), 404, "no such endpoint");
        }
        assertProblem(since(endpoint, "{\"since\": \"2026-01-01T00:00:00Z\"}"), 404, "no such endpoint");
        assertProblem(post(BODY, "k-0"), 404, "no such endpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[null]", "[\"\"]"})
    void types_that_name_none_answer_400(String types) {
        assertProblem(post("{\"url\": \"https://a.example\", \"types\": " + types + "}", "k-1"), 400, "types: must");
    }

    @Test
    void an_unknown_type_answers_422_and_names_the_known() {
        assertProblem(
                post("{\"url\": \"https://a.example\", \"types\": [\"member.signed-off\"]}", "k-1"),
                422,
                "types: must be of member.signed-up");
    }

    @Test
    void an_endpoint_without_deliveries_shows_an_empty_list() {
        assertThat(deliveries("mall-1", registered())).bodyJson().isStrictlyEqualTo("{\"deliveries\": []}");
    }

    @Test
    void an_endpoint_of_another_mall_answers_404_and_a_bad_id_400() {
        assertProblem(deliveries("mall-2", registered()), 404, "no such endpoint");
        assertProblem(deliveries("mall-1", uuid()), 404, "no such endpoint");
        assertProblem(deliveries("mall-1", "1-1-1-1-1"), 400, "endpointId: must be a UUID");
    }

    private static final class OutwardOnly implements SendWebhooks {
        @Override
        public Optional<String> whyNot(URI url) {
            return url.toString().contains("inside") ? Optional.of("points inward") : Optional.empty();
        }

        @Override
        public int room() {
            return 0;
        }

        @Override
        public int mostPerEndpoint() {
            return 1;
        }

        @Override
        public int running() {
            return 0;
        }

        @Override
        public int start(List<Message> messages) {
            throw new UnsupportedOperationException("no controller sends");
        }

        @Override
        public List<Ended> ended(Duration most) {
            return List.of();
        }
    }
}
