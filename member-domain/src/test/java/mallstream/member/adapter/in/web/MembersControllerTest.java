package mallstream.member.adapter.in.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.POLICY;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.signUp;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.MediaType.APPLICATION_JSON;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.PointLot;
import mallstream.member.model.RequestKey;
import mallstream.member.model.WebhookDelivery.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.json.JsonMapper;

class MembersControllerTest {
    private static final String HONG = """
            {"loginId": "hong", "name": "홍길동", "email": "hong@example.com", "phone": "010-1234-5678"}""";

    private final Web web = Web.overFakes();
    private final MockMvcTester http = web.serving(new MembersController(
            web.useCases.signUp(), web.useCases.readMember(), web.useCases.withdraw(), web.useCases.refuseNotices()));

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/api/malls/mall-1/members")
                .contentType(APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult post(String body, String key) {
        return http.post()
                .uri("/api/malls/mall-1/members")
                .header("Idempotency-Key", key)
                .contentType(APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult get(String path) {
        return http.get().uri(path).exchange();
    }

    private UUID signedUp() {
        MvcTestResult created = post(HONG);
        assertThat(created).hasStatus(201);
        return idOf(created);
    }

    private static UUID idOf(MvcTestResult created) {
        return UUID.fromString(JsonMapper.shared()
                .readTree(created.getResponse().getContentAsByteArray())
                .get("memberId")
                .asString());
    }

    static void assertProblem(MvcTestResult answer, int status, String detail) {
        assertThat(answer).hasStatus(status).hasContentType("application/problem+json");
        assertThat(answer).bodyJson().extractingPath("$.status").isEqualTo(status);
        assertThat(answer).bodyJson().extractingPath("$.detail").asString().contains(detail);
    }

    @Test
    void a_sign_up_answers_201_with_the_id_and_nothing_else() {
        MvcTestResult created = post(HONG);

        assertThat(created).hasStatus(201).hasContentTypeCompatibleWith(APPLICATION_JSON);
        assertThat(created).bodyJson().isStrictlyEqualTo("{\"memberId\": \"" + idOf(created) + "\"}");
    }

    @Test
    void a_taken_login_id_answers_409() {
        signedUp();

        assertProblem(post(HONG), 409, "loginId");
    }

    @Test
    void the_same_key_gets_the_same_member_and_another_body_422() {
        MvcTestResult first = post(HONG, "k-1");
        MvcTestResult again = post(HONG, "k-1");

        assertThat(again).hasStatus(201);
        assertThat(idOf(again)).isEqualTo(idOf(first));
        assertProblem(post(HONG.replace("hong@", "gil@"), "k-1"), 422, "Idempotency-Key");
    }

    @Test
    void a_key_whose_first_request_runs_answers_409() throws Exception {
        var key = new RequestKey("shop", "POST", "/api/malls/mall-1/members", "k-1", new byte[0]);
        try (var threads = Executors.newSingleThreadExecutor()) {
            MvcTestResult meanwhile = web.ports.transactions().inOne(() -> {
                web.ports.keys().claim(key, web.clock.instant());
                try {
                    return threads.submit(() -> post(HONG, "k-1")).get(10, SECONDS);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });

            assertProblem(meanwhile, 409, "Idempotency-Key");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loginId", "name", "email", "phone"})
    void a_missing_field_answers_400_and_names_it(String field) {
        for (String body : List.of(
                HONG.replace("\"" + field + "\"", "\"other\""),
                HONG.replaceAll("\"" + field + "\": \"[^\"]*\"", "\"" + field + "\": null"))) {
            MvcTestResult answer = post(body);

            assertProblem(answer, 400, field + ": must be present");
            assertThat(answer).bodyJson().extractingPath("$.field").isEqualTo(field);
        }
    }

    @ParameterizedTest
    @CsvSource({"loginId, a b c", "name, 홍\\u0000", "email, hong(at)example", "phone, 12345"})
    void a_bad_value_answers_400_and_is_not_repeated(String field, String value) {
        MvcTestResult answer = post(HONG.replaceAll(
                "\"" + field + "\": \"[^\"]*\"", "\"" + field + "\": \"" + value.replace("\\", "\\\\") + "\""));

        assertProblem(answer, 400, field + ": must be");
        assertThat(answer).bodyText().doesNotContain(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mall", "-mall", "mall_1", "a23456789012345678901234567890123456789012"})
    void a_bad_mall_id_answers_400(String mall) {
        assertProblem(get("/api/malls/" + mall + "/members/" + uuid()), 400, "mallId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-1-1-1-1", "hong", "019b7d3c-5a11-7abc-8def-0123456789a"})
    void a_bad_member_id_answers_400(String id) {
        assertProblem(get("/api/malls/mall-1/members/" + id), 400, "memberId");
    }

    @Test
    void a_member_of_another_mall_answers_404() {
        UUID id = signedUp();

        assertProblem(get("/api/malls/mall-2/members/" + id), 404, "no such member");
        assertProblem(get("/api/malls/mall-1/members/" + uuid()), 404, "no such member");
    }

    @Test
    void a_bad_idempotency_key_answers_400() {
        assertProblem(post(HONG, "a b"), 400, "Idempotency-Key");
    }

    @Test
    void a_database_that_is_down_answers_503_and_asks_to_try_again() {
        web.ports.transactions().failAfter(0);

        assertProblem(post(HONG), 503, "database is unavailable; try again later");
    }

    @Test
    void a_member_is_shown_with_masked_contact_data_and_all_it_has() {
        UUID id = signedUp();
        var member = new Member.Key(MALL, new MemberId(id));
        var coupon = POLICY.issue(uuid(), member, web.clock.instant());
        var lot = PointLot.forSignUp(uuid(), member, 5000, 365, web.clock.instant());
        var endpoint = endpoint(MALL);
        web.ports.run(() -> {
            web.ports.coupons().issueOnce(List.of(coupon));
            web.ports.points().grantOnce(List.of(lot));
            web.ports.endpoints().add(endpoint);
            web.ports.deliveries().add(List.of(signUp(member)));
        });
        UUID delivery = web.ports
                .transactions()
                .inOne(() -> web.ports.deliveries().about(member))
                .getFirst()
                .id();

        MvcTestResult answer = get("/api/malls/mall-1/members/" + id);

        assertThat(answer).hasStatusOk();
        assertThat(answer).bodyJson().isStrictlyEqualTo("""
                {"memberId": "%s", "loginId": "hong", "name": "홍*동", "email": "ho****@example.com",
                 "phone": "010-****-5678", "signedUpAt": "2026-01-02T03:04:05Z",
                 "coupons": [{"couponId": "%s", "policy": "signup", "version": 1, "percent": 10,
                              "cap": null, "amount": null, "minimumOrder": 0, "state": "issued",
                              "issuedAt": "2026-01-02T03:04:05Z", "expiresAt": "2026-02-01T03:04:05Z"}],
                 "points": {"balance": 5000,
                            "lots": [{"lotId": "%s", "source": "SIGNUP", "granted": 5000, "rest": 5000,
                                      "grantedAt": "2026-01-02T03:04:05Z", "expiresAt": "2027-01-02T15:00:00Z"}]},
                 "webhooks": [{"deliveryId": "%s", "endpointId": "%s", "type": "member.signed-up", "memberId": "%s", "state": "pending",
                               "attempts": 0, "lastStatus": null, "lastReason": null,
                               "nextAttemptAt": "2026-01-02T03:04:05Z"}]}""".formatted(
                        id, coupon.id(), lot.id(), delivery, endpoint.id(), id));
    }

    private MvcTestResult delete(String path) {
        return http.delete().uri(path).exchange();
    }

    @Test
    void a_member_leaves_with_204_and_is_410_from_then_on_and_the_login_id_is_free() {
        String path = "/api/malls/mall-1/members/" + signedUp();

        assertThat(delete(path)).hasStatus(204);
        assertThat(delete(path)).as("again").hasStatus(204);

        MvcTestResult answer = get(path);
        assertProblem(answer, 410, "has withdrawn");
        assertThat(answer).bodyText().doesNotContain("hong", "홍");
        assertThat(post(HONG)).hasStatus(201);
    }

    @Test
    void nobody_leaves_who_is_no_member_of_that_mall() {
        UUID id = signedUp();

        assertProblem(delete("/api/malls/mall-2/members/" + id), 404, "no such member");
        assertProblem(delete("/api/malls/mall-1/members/" + uuid()), 404, "no such member");
        assertProblem(delete("/api/malls/mall-1/members/1"), 400, "memberId");
        assertProblem(delete("/api/malls/Mall/members/" + id), 400, "mallId");
        web.ports.transactions().failAfter(0);
        assertProblem(delete("/api/malls/mall-1/members/" + id), 503, "try again");
        assertThat(get("/api/malls/mall-1/members/" + id)).hasStatusOk();
    }

    @Test
    void expired_coupons_and_finished_deliveries_say_so() {
        UUID id = signedUp();
        var member = new Member.Key(MALL, new MemberId(id));
        web.ports.run(() -> {
            web.ports.coupons().issueOnce(List.of(POLICY.issue(uuid(), member, web.clock.instant())));
            web.ports.endpoints().add(endpoint(MALL));
            web.ports.deliveries().add(List.of(signUp(member)));
            web.ports
                    .deliveries()
                    .lease(web.clock.instant(), 1, 1, Duration.ofMinutes(1))
                    .forEach(due -> web.ports
                            .deliveries()
                            .record(List.of(
                                    new Attempted(due, State.GIVEN_UP, 410, "gone", null, web.clock.instant()))));
        });
        web.clock.pass(Duration.ofDays(30));

        MvcTestResult answer = get("/api/malls/mall-1/members/" + id);

        assertThat(answer).bodyJson().extractingPath("$.coupons[0].state").isEqualTo("expired");
        assertThat(answer).bodyJson().extractingPath("$.webhooks[0].state").isEqualTo("given-up");
        assertThat(answer).bodyJson().extractingPath("$.webhooks[0].lastStatus").isEqualTo(410);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.webhooks[0].nextAttemptAt")
                .isNull();
    }

    @Test
    void a_member_with_signs_beyond_the_basic_plane_can_be_read_back() {
        MvcTestResult created = post(HONG.replace("hong@", "h😀ng@").replace("홍길동", "😀길😀"));

        MvcTestResult answer = get("/api/malls/mall-1/members/" + idOf(created));

        assertThat(answer).bodyJson().extractingPath("$.name").isEqualTo("😀*😀");
        assertThat(answer).bodyJson().extractingPath("$.email").isEqualTo("h😀****@example.com");
    }

    private MvcTestResult refuse(Object id, String body) {
        return http.put()
                .uri("/api/malls/mall-1/members/{id}/notices", id)
                .contentType(APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    @Test
    void a_member_may_refuse_notices_and_take_it_back() {
        UUID id = signedUp();
        String notices = "/api/malls/mall-1/members/" + id + "/notices";

        assertThat(get(notices)).hasStatus(200).bodyJson().isStrictlyEqualTo("{\"refused\": false}");
        assertThat(refuse(id, "{\"refused\": true}")).hasStatus(204);
        assertThat(refuse(id, "{\"refused\": true}")).hasStatus(204);
        assertThat(get(notices)).hasStatus(200).bodyJson().isStrictlyEqualTo("{\"refused\": true}");
        assertThat(refuse(id, "{\"refused\": false}")).hasStatus(204);
        assertThat(get(notices)).bodyJson().isStrictlyEqualTo("{\"refused\": false}");
        assertProblem(refuse(id, "{}"), 400, "refused: must be present");
        assertProblem(refuse(uuid(), "{\"refused\": true}"), 404, "no such member");
        assertProblem(get("/api/malls/mall-1/members/" + uuid() + "/notices"), 404, "no such member");
        assertProblem(get(notices.replace("mall-1", "mall-2")), 404, "no such member");
        assertProblem(get("/api/malls/mall-1/members/nobody/notices"), 400, "memberId");
        web.useCases.withdraw().withdraw(new Member.Key(MALL, new MemberId(id)));
        assertProblem(refuse(id, "{\"refused\": true}"), 410, "has withdrawn");
        assertProblem(get(notices), 410, "has withdrawn");
    }
}
