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
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
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
    private final MockMvcTester http = web.serving(
            new WebhookEndpointsController(web.useCases.register(new OutwardOnly()), web.useCases.readDeliveries()));

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
                {"deliveries": [{"deliveryId": "%s", "endpointId": "%s", "memberId": "%s", "state": "pending",
                                 "attempts": 1, "lastStatus": 503, "lastReason": "http-503",
                                 "nextAttemptAt": "2026-01-02T03:04:10Z"}]}""".formatted(due.id(), endpoint, signUp.memberId()));
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
        public List<Result> send(List<Message> messages) {
            throw new UnsupportedOperationException("no controller sends");
        }
    }
}
