package mallstream.member.adapter.in.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static mallstream.member.adapter.in.web.MembersControllerTest.assertProblem;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.MediaType.APPLICATION_JSON;

import java.util.List;
import java.util.concurrent.Executors;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PointsControllerTest {
    private final Web web = Web.overFakes();
    private final MockMvcTester http =
            web.serving(new PointsController(web.useCases.readPoints(), web.useCases.usePoints()));
    private final Member member = member(MALL);
    private final PointLot lot = PointLot.forSignUp(uuid(), keyOf(member), 5000, 365, web.clock.instant());
    private final String path = "/api/malls/mall-1/members/" + member.id() + "/points";

    PointsControllerTest() {
        web.ports.run(() -> {
            web.ports.members().add(member);
            web.ports.points().grantOnce(List.of(lot));
        });
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(uri).exchange();
    }

    private MvcTestResult post(String uri, String body, @Nullable String key) {
        var request = http.post().uri(uri).contentType(APPLICATION_JSON).content(body);
        return key == null
                ? request.exchange()
                : request.header("Idempotency-Key", key).exchange();
    }

    private MvcTestResult use(long points) {
        return post(path + "/uses", "{\"points\": " + points + "}", null);
    }

    private MvcTestResult restore(String useId, long points) {
        return post(path + "/uses/" + useId + "/restorations", "{\"points\": " + points + "}", null);
    }

    private static JsonNode json(MvcTestResult answer) {
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    private String used(long points) {
        MvcTestResult answer = use(points);
        assertThat(answer).hasStatus(201);
        return json(answer).get("useId").asString();
    }

    private long balance() {
        return json(get(path)).get("balance").asLong();
    }

    @Test
    void points_are_shown_with_balance_and_lots() {
        used(1200);

        assertThat(get(path)).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                {"balance": 3800,
                 "lots": [{"lotId": "%s", "source": "SIGNUP", "granted": 5000, "rest": 3800,
                           "grantedAt": "2026-01-02T03:04:05Z", "expiresAt": "2027-01-02T15:00:00Z"}]}""".formatted(lot.id()));
    }

    @Test
    void used_points_are_restored_in_parts_and_the_ledger_says_all_of_it() {
        String useId = used(1200);
        MvcTestResult first = restore(useId, 200);
        assertThat(first).hasStatus(201);
        assertThat(restore(useId, 1000)).hasStatus(201);

        assertThat(balance()).isEqualTo(5000);
        MvcTestResult page = get(path + "/ledger?size=2");
        assertThat(page).hasStatusOk();
        long next = json(page).get("next").asLong();
        MvcTestResult rest = get(path + "/ledger?size=2&before=" + next);
        assertThat(json(page).get("entries").findValuesAsString("kind")).containsExactly("restore", "restore");
        assertThat(json(rest).get("entries").findValuesAsString("kind")).containsExactly("use", "grant");
        assertThat(json(rest).get("entries").findValuesAsString("points")).containsExactly("-1200", "5000");
        assertThat(json(rest).get("entries").get(0).get("useId").asString()).isEqualTo(useId);
        assertThat(json(page).get("entries").get(1).get("restorationId"))
                .isEqualTo(json(first).get("restorationId"));
        assertThat(json(rest).get("next").isNull()).isTrue();
    }

    @Test
    void more_than_the_balance_answers_409_and_uses_nothing() {
        assertProblem(use(5001), 409, "points: the balance is 5000");
        assertThat(balance()).isEqualTo(5000);
    }

    @Test
    void a_refusal_keeps_no_key_so_that_the_same_request_may_succeed_later() {
        String useId = used(5000);
        assertProblem(post(path + "/uses", "{\"points\": 1}", "k-1"), 409, "balance is 0");
        restore(useId, 1);

        assertThat(post(path + "/uses", "{\"points\": 1}", "k-1")).hasStatus(201);
    }

    @Test
    void more_than_was_used_answers_409_and_restores_nothing() {
        String useId = used(100);
        restore(useId, 60);

        assertProblem(restore(useId, 41), 409, "points: of this use 40 can be restored");
        assertThat(balance()).isEqualTo(4960);
    }

    @Test
    void a_use_of_nobody_answers_404() {
        assertProblem(restore(uuid().toString(), 1), 404, "no such use");
        assertProblem(restore("1", 1), 400, "useId: ");
    }

    @Test
    void the_same_key_gets_the_first_answer_and_another_body_422() {
        MvcTestResult first = post(path + "/uses", "{\"points\": 100}", "k-1");
        MvcTestResult again = post(path + "/uses", "{\"points\": 100}", "k-1");

        assertThat(again).hasStatus(201);
        assertThat(json(again)).isEqualTo(json(first));
        assertThat(balance()).isEqualTo(4900);
        assertProblem(post(path + "/uses", "{\"points\": 101}", "k-1"), 422, "Idempotency-Key");

        String restorations = path + "/uses/" + json(first).get("useId").asString() + "/restorations";
        MvcTestResult back = post(restorations, "{\"points\": 10}", "k-1");
        assertThat(json(post(restorations, "{\"points\": 10}", "k-1"))).isEqualTo(json(back));
        assertProblem(post(restorations, "{\"points\": 11}", "k-1"), 422, "Idempotency-Key");
        assertThat(balance()).isEqualTo(4910);
    }

    @Test
    void a_key_whose_first_request_runs_answers_409() throws Exception {
        var key = new RequestKey("shop", "POST", path + "/uses", "k-1", new byte[0]);
        try (var threads = Executors.newSingleThreadExecutor()) {
            MvcTestResult meanwhile = web.ports.transactions().inOne(() -> {
                web.ports.keys().claim(key, web.clock.instant());
                try {
                    return threads.submit(() -> post(path + "/uses", "{\"points\": 1}", "k-1"))
                            .get(10, SECONDS);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });

            assertProblem(meanwhile, 409, "Idempotency-Key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"points\": null}", "{\"points\": 0}", "{\"points\": -1}", "{\"points\": 1000000001}"})
    void a_bad_number_of_points_answers_400(String body) {
        assertProblem(post(path + "/uses", body, "k-1"), 400, "points: must be");
        assertProblem(post(path + "/uses/" + uuid() + "/restorations", body, "k-1"), 400, "points: must be");
    }

    @ParameterizedTest
    @CsvSource({"size=0, size", "size=201, size", "size=99999999999, size", "size=x, size", "before=x, before"})
    void a_bad_page_answers_400(String query, String field) {
        assertProblem(get(path + "/ledger?" + query), 400, field + ": must be");
    }

    @Test
    void of_no_member_there_is_nothing_to_see_or_use() {
        String nobody = "/api/malls/mall-1/members/" + uuid() + "/points";
        String elsewhere = path.replace("mall-1", "mall-2");

        for (String one : List.of(nobody, elsewhere)) {
            assertProblem(get(one), 404, "no such member");
            assertProblem(get(one + "/ledger"), 404, "no such member");
            assertProblem(post(one + "/uses", "{\"points\": 1}", null), 404, "no such member");
            assertProblem(
                    post(one + "/uses/" + uuid() + "/restorations", "{\"points\": 1}", null), 404, "no such member");
        }
        assertProblem(get("/api/malls/mall-1/members/1/points"), 400, "memberId");
        assertProblem(get("/api/malls/M/members/" + uuid() + "/points"), 400, "mallId");
    }

    @Test
    void of_somebody_who_has_left_everything_answers_410() {
        String useId = used(100);
        web.useCases.withdraw().withdraw(keyOf(member));

        assertProblem(get(path), 410, "has withdrawn");
        assertProblem(get(path + "/ledger"), 410, "has withdrawn");
        assertProblem(use(1), 410, "has withdrawn");
        assertProblem(restore(useId, 1), 410, "has withdrawn");
    }

    @Test
    void a_database_that_is_down_answers_503() {
        web.ports.transactions().failAfter(0);

        assertProblem(use(1), 503, "database is unavailable; try again later");
    }
}
