package mallstream.member.adapter.in.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static mallstream.member.adapter.in.web.MembersControllerTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.MediaType.APPLICATION_JSON;

import java.time.Duration;
import java.util.concurrent.Executors;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CouponPoliciesControllerTest {
    private static final String PATH = "/api/malls/mall-1/coupon-policies";
    private static final String VERSIONS = PATH + "/signup/versions";
    private static final String TWENTY = """
            {"percent": 20, "cap": 5000, "minimumOrder": 10000, "daysValid": 7,
             "activeFrom": "2026-01-02T04:00:00Z", "activeUntil": "2026-01-02T05:00:00Z"}""";

    private final Web web = Web.overFakes();
    private final MockMvcTester http =
            web.serving(new CouponPoliciesController(web.useCases.readPolicies(), web.useCases.setPolicy()));

    private MvcTestResult post(String uri, String body, @Nullable String key) {
        var request = http.post().uri(uri).contentType(APPLICATION_JSON).content(body);
        return key == null
                ? request.exchange()
                : request.header("Idempotency-Key", key).exchange();
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(uri).exchange();
    }

    private static JsonNode json(MvcTestResult answer) {
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    private int inForce() {
        return json(get(PATH)).get("policies").get(0).get("version").asInt();
    }

    @Test
    void a_mall_that_set_nothing_has_the_settings_and_no_history() {
        assertThat(get(PATH)).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                {"policies": [{"policy": "signup", "version": 1, "percent": 10, "cap": null, "amount": null,
                               "minimumOrder": 0, "daysValid": 30}]}""");
        assertThat(get(VERSIONS)).hasStatusOk().bodyJson().isStrictlyEqualTo("{\"versions\": []}");
    }

    @Test
    void every_set_is_a_new_version_and_the_history_keeps_all() {
        MvcTestResult first = post(VERSIONS, TWENTY, null);
        MvcTestResult second = post(VERSIONS, "{\"amount\": 3000, \"daysValid\": 30}", null);

        assertThat(first).hasStatus(201).bodyJson().isStrictlyEqualTo("""
                {"policy": "signup", "version": 2, "percent": 20, "cap": 5000, "amount": null, "minimumOrder": 10000,
                 "daysValid": 7, "activeFrom": "2026-01-02T04:00:00Z", "activeUntil": "2026-01-02T05:00:00Z",
                 "setAt": "2026-01-02T03:04:05Z"}""");
        assertThat(second).hasStatus(201).bodyJson().isStrictlyEqualTo("""
                {"policy": "signup", "version": 3, "percent": null, "cap": null, "amount": 3000, "minimumOrder": 0,
                 "daysValid": 30, "activeFrom": "2026-01-02T03:04:05Z", "activeUntil": null,
                 "setAt": "2026-01-02T03:04:05Z"}""");
        assertThat(json(get(VERSIONS)).get("versions")).containsExactly(json(second), json(first));
        assertThat(json(get(VERSIONS.replace("mall-1", "mall-2"))).get("versions"))
                .isEmpty();
    }

    @Test
    void what_is_in_force_follows_the_time() {
        post(VERSIONS, TWENTY, null);

        assertThat(inForce()).isEqualTo(1);
        web.clock.pass(Duration.ofHours(1));
        assertThat(inForce()).isEqualTo(2);
        web.clock.pass(Duration.ofHours(1));
        assertThat(inForce()).isEqualTo(1);
    }

    @Test
    void the_same_key_gets_the_first_answer_and_another_body_422() {
        MvcTestResult first = post(VERSIONS, TWENTY, "k-1");

        assertThat(json(post(VERSIONS, TWENTY, "k-1"))).isEqualTo(json(first));
        assertThat(json(get(VERSIONS)).get("versions")).hasSize(1);
        assertProblem(post(VERSIONS, TWENTY.replace("5000", "5001"), "k-1"), 422, "Idempotency-Key");
    }

    @Test
    void a_key_whose_first_request_runs_answers_409() throws Exception {
        var key = new RequestKey("shop", "POST", VERSIONS, "k-1", new byte[0]);
        try (var threads = Executors.newSingleThreadExecutor()) {
            MvcTestResult meanwhile = web.ports.transactions().inOne(() -> {
                web.ports.keys().claim(key, web.clock.instant());
                try {
                    return threads.submit(() -> post(VERSIONS, TWENTY, "k-1")).get(10, SECONDS);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });

            assertProblem(meanwhile, 409, "Idempotency-Key");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"daysValid": 7};                                                          percent: must be present
            {"percent": 10, "amount": 10, "daysValid": 7};                             percent: must be present
            {"percent": 0, "daysValid": 7};                                            percent: must be 1 to 100
            {"percent": 101, "daysValid": 7};                                          percent: must be 1 to 100
            {"amount": 0, "daysValid": 7};                                             amount: must be 1 to
            {"amount": 10, "cap": 10, "daysValid": 7};                                 cap: goes with percent only
            {"percent": 10, "cap": 0, "daysValid": 7};                                 cap: must be 1 to
            {"percent": 10};                                                           daysValid: must be present
            {"percent": 10, "daysValid": 3651};                                        daysValid: must be 1 to 3650
            {"percent": 10, "daysValid": 7, "minimumOrder": -1};                       minimumOrder: must be 0 to
            {"percent": 10, "daysValid": 7, "activeFrom": "soon"};                     activeFrom: must be an ISO
            {"percent": 10, "daysValid": 7, "activeFrom": "+100000-01-01T00:00:00Z"};  activeFrom: must be of the years
            {"percent": 10, "daysValid": 7, "activeUntil": "2026-01-01T00:00:00Z"};    activeUntil: must be after""")
    void bad_terms_answer_400_and_set_nothing(String body, String detail) {
        assertProblem(post(VERSIONS, body, "k-1"), 400, detail);
        assertThat(json(get(VERSIONS)).get("versions")).isEmpty();
    }

    @Test
    void there_is_no_other_policy_and_no_such_mall() {
        assertProblem(post(PATH + "/birthday/versions", TWENTY, null), 404, "no such policy");
        assertProblem(get(PATH + "/birthday/versions"), 404, "no such policy");
        assertProblem(get("/api/malls/Mall/coupon-policies"), 400, "mallId");
        assertProblem(get("/api/malls/Mall/coupon-policies/signup/versions"), 400, "mallId");
        assertProblem(post("/api/malls/Mall/coupon-policies/signup/versions", TWENTY, null), 400, "mallId");
    }

    @Test
    void a_database_that_is_down_answers_503() {
        web.ports.transactions().failAfter(0);

        assertProblem(post(VERSIONS, TWENTY, "k-1"), 503, "database is unavailable; try again later");
    }
}
