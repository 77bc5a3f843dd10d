package mallstream.member.adapter.in.web;

import static mallstream.member.adapter.in.web.MembersControllerTest.assertProblem;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.MediaType.APPLICATION_JSON;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import mallstream.member.application.port.out.NoticeCampaigns.Sent;
import mallstream.member.application.port.out.NoticeCampaigns.State;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeRequested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NoticeCampaignsControllerTest {
    private static final String ONE_MALL =
            "{\"mallId\": \"mall-1\", \"year\": 2026, \"channel\": \"alimtalk\", \"template\": \"NOTICE\"}";
    private static final String ALL_MALLS = ONE_MALL.replace("\"mall-1\"", "null");

    private final Web web = Web.overFakes();
    private final NoticeCampaignsController controller =
            new NoticeCampaignsController(web.useCases.startCampaign(), web.useCases.readCampaign());
    private final MockMvcTester everywhere = web.serving(controller);
    private final MockMvcTester ofMall1 = web.servingTo(Set.of("MALL_mall-1"), controller);
    private final MockMvcTester ofMall2 = web.servingTo(Set.of("MALL_mall-2"), controller);

    private static MvcTestResult post(MockMvcTester caller, String body, String key) {
        return caller.post()
                .uri("/api/notice-campaigns")
                .header("Idempotency-Key", key)
                .contentType(APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private static MvcTestResult get(MockMvcTester caller, Object id) {
        return caller.get().uri("/api/notice-campaigns/{id}", id).exchange();
    }

    private static JsonNode json(MvcTestResult answer) {
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    private String started(String body) {
        MvcTestResult created = post(everywhere, body, "key-" + uuid());
        assertThat(created).hasStatus(201);
        return json(created).get("campaignId").asString();
    }

    @Test
    void a_campaign_answers_201_with_its_id_and_the_same_key_the_same_one() {
        MvcTestResult created = post(everywhere, ONE_MALL, "k-1");

        assertThat(created).hasStatus(201);
        assertThat(json(created).propertyNames()).containsExactly("campaignId");
        assertThat(json(post(everywhere, ONE_MALL, "k-1"))).isEqualTo(json(created));
        assertProblem(post(everywhere, ALL_MALLS, "k-1"), 422, "Idempotency-Key");
    }

    @Test
    void a_key_for_one_mall_starts_campaigns_of_that_mall_only() {
        assertThat(post(ofMall1, ONE_MALL, "k-1")).hasStatus(201);
        assertProblem(post(ofMall2, ONE_MALL, "k-2"), 403, "mallId");
        assertProblem(post(ofMall1, ALL_MALLS, "k-3"), 403, "mallId");
        assertProblem(post(ofMall1, ONE_MALL.replace("\"mallId\"", "\"mall\""), "k-4"), 403, "mallId");
    }

    @Test
    void a_foreign_campaign_is_not_there() {
        String ofOne = started(ONE_MALL);
        String ofAll = started(ALL_MALLS);

        assertThat(get(ofMall1, ofOne)).hasStatusOk();
        assertProblem(get(ofMall2, ofOne), 404, "no such campaign");
        assertProblem(get(ofMall1, ofAll), 404, "no such campaign");
        assertThat(get(everywhere, ofAll)).hasStatusOk();
        assertProblem(get(everywhere, uuid()), 404, "no such campaign");
        assertProblem(get(everywhere, "1-1-1-1-1"), 400, "campaignId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"year", "channel", "template"})
    void a_missing_field_answers_400_and_names_it(String field) {
        MvcTestResult answer = post(everywhere, ONE_MALL.replace("\"" + field + "\"", "\"other\""), "k-1");

        assertProblem(answer, 400, field + ": must be present");
        assertThat(answer).bodyJson().extractingPath("$.field").isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({
        "mallId, mall-1, Mall!",
        "channel, alimtalk, pigeon",
        "template, NOTICE, a b",
        "year, 2026, 1999",
    })
    void a_bad_value_answers_400_and_names_its_field(String field, String good, String bad) {
        assertProblem(post(everywhere, ONE_MALL.replace(good, bad), "k-1"), 400, field + ": must");
    }

    @Test
    void a_new_campaign_has_nothing_counted() {
        String id = started(ALL_MALLS);

        assertThat(get(everywhere, id)).bodyJson().isStrictlyEqualTo("""
                {"campaignId": "%s", "mallId": null, "year": 2026, "channel": "alimtalk", "template": "NOTICE",
                 "total": null, "published": 0, "accepted": 0, "rejected": 0, "unknown": 0, "rate": 0.0,
                 "estimatedEnd": null}""".formatted(id));
    }

    @Test
    void a_running_campaign_says_how_far_it_is() {
        web.ports.run(() -> {
            for (int i = 0; i < 4; i++) {
                web.ports.members().add(member(MALL));
            }
        });
        String id = started(ONE_MALL);
        web.useCases
                .publishRequests(events -> Collections.nCopies(events.size(), true))
                .publishPage();
        var row = uuid();
        var request = new NoticeRequested(CampaignId.parse(id), MALL, new MemberId(uuid()));
        web.ports.run(() -> web.ports.campaigns().beginSending(List.of(request), List.of(row), web.clock.instant()));
        web.clock.pass(Duration.ofSeconds(2));
        web.ports.run(() ->
                web.ports.campaigns().record(List.of(new Sent(row, State.REJECTED, "x")), web.clock.instant()));

        assertThat(get(ofMall1, id)).bodyJson().isStrictlyEqualTo("""
                {"campaignId": "%s", "mallId": "mall-1", "year": 2026, "channel": "alimtalk", "template": "NOTICE",
                 "total": 4, "published": 4, "accepted": 0, "rejected": 1, "unknown": 0, "rate": 0.5,
                 "estimatedEnd": "2026-01-02T03:04:13Z"}""".formatted(id));
    }
}
