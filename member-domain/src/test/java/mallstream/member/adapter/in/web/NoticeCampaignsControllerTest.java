package mallstream.member.adapter.in.web;

import static mallstream.member.adapter.in.web.MembersControllerTest.assertProblem;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.http.MediaType.APPLICATION_JSON;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mallstream.member.application.port.in.AdvanceNoticeCampaigns;
import mallstream.member.application.port.in.ReadNoticeEvidence;
import mallstream.member.application.port.out.NoticeCalls.Call;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NoticeCampaignsControllerTest {
    private static final String ONE_MALL =
            "{\"mallId\": \"mall-1\", \"year\": 2026, \"channel\": \"alimtalk\", \"template\": \"NOTICE\"}";
    private static final String ALL_MALLS = ONE_MALL.replace("\"mall-1\"", "null");

    private final Web web = Web.overFakes();
    private final NoticeCampaignsController controller = new NoticeCampaignsController(
            web.useCases.startCampaign(),
            web.useCases.readCampaign(),
            web.useCases.controlCampaign(),
            web.useCases.readEvidence());
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
    void while_a_campaign_is_open_another_one_for_the_same_people_answers_409_and_names_it() {
        String open = started(ALL_MALLS);

        MvcTestResult answer = post(ofMall1, ONE_MALL, "k-1");

        assertProblem(answer, 409, "campaign " + open + " of this year and channel");
        assertThat(answer).bodyJson().extractingPath("$.campaignId").isEqualTo(open);
        assertThat(post(everywhere, ONE_MALL.replace("2026", "2027"), "k-2")).hasStatus(201);
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
        String ofAll = started(ALL_MALLS.replace("2026", "2027"));

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
                 "templateVersion": 1, "state": "preparing", "total": null,
                 "excluded": {"refused": 0, "noContactData": 0, "withdrawn": 0},
                 "published": 0, "ready": 0, "sending": 0, "accepted": 0, "rejected": 0, "unknown": 0, "rate": 0.0,
                 "estimatedEnd": null}""".formatted(id));
    }

    /** Four members, whose requests are in the topic. */
    private List<MemberId> running(String id) {
        AdvanceNoticeCampaigns advance = web.useCases.advanceCampaigns(
                events -> Collections.nCopies(events.size(), true),
                new NoticeSettings(Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMinutes(5)));
        while (advance.advance() > 0) {
            // The condition does the work.
        }
        return web
                .ports
                .transactions()
                .inOne(() -> web.ports.campaigns().recipients(CampaignId.parse(id), null, 10))
                .stream()
                .map(NoticeRecipient::memberId)
                .toList();
    }

    private void members(int count) {
        web.ports.run(() -> {
            for (int i = 0; i < count; i++) {
                web.ports.members().add(member(MALL));
            }
        });
    }

    private Call call(String id, Ended... results) {
        var call = new Call(
                uuid(), CampaignId.parse(id), NoticeChannel.ALIMTALK, web.clock.instant(), Duration.ofMinutes(2));
        web.ports.run(() -> web.ports
                .calls()
                .begin(call, Stream.of(results).map(Ended::memberId).toList()));
        web.clock.pass(Duration.ofSeconds(2));
        web.ports.run(() -> web.ports.calls().end(call.id(), List.of(results), web.clock.instant(), Duration.ZERO));
        return call;
    }

    @Test
    void a_running_campaign_says_how_far_it_is() {
        members(4);
        String id = started(ONE_MALL);
        List<MemberId> ours = running(id);
        call(id, new Ended(ours.getFirst(), NoticeRecipient.State.REJECTED, "x", false));

        assertThat(get(ofMall1, id)).bodyJson().isStrictlyEqualTo("""
                {"campaignId": "%s", "mallId": "mall-1", "year": 2026, "channel": "alimtalk", "template": "NOTICE",
                 "templateVersion": 1, "state": "sending", "total": 4,
                 "excluded": {"refused": 0, "noContactData": 0, "withdrawn": 0},
                 "published": 4, "ready": 3, "sending": 0, "accepted": 0, "rejected": 1, "unknown": 0, "rate": 0.5,
                 "estimatedEnd": "2026-01-02T03:04:13Z"}""".formatted(id));
    }

    private static MvcTestResult command(MockMvcTester caller, Object id, String command) {
        return caller.post()
                .uri("/api/notice-campaigns/{id}/{command}", id, command)
                .exchange();
    }

    @Test
    void a_campaign_is_paused_resumed_and_cancelled_by_who_may_see_it() {
        String id = started(ONE_MALL);

        for (String command : List.of("pause", "resume", "cancel")) {
            assertProblem(command(ofMall2, id, command), 404, "no such campaign");
            assertProblem(command(everywhere, uuid(), command), 404, "no such campaign");
        }
        assertState(command(ofMall1, id, "pause"), "paused");
        assertState(command(ofMall1, id, "pause"), "paused");
        assertState(command(ofMall1, id, "resume"), "preparing");
        assertState(command(ofMall1, id, "cancel"), "cancelled");
        assertState(command(ofMall1, id, "cancel"), "cancelled");
        assertProblem(command(ofMall1, id, "resume"), 409, "is over");
    }

    private static void assertState(MvcTestResult answer, String state) {
        assertThat(answer).hasStatusOk().bodyJson().extractingPath("$.state").isEqualTo(state);
    }

    @Test
    void a_version_of_the_template_may_be_asked_for() {
        String versioned = ONE_MALL.replace("}", ", \"templateVersion\": 7}");

        assertThat(get(everywhere, started(versioned)))
                .bodyJson()
                .extractingPath("$.templateVersion")
                .isEqualTo(7);
        assertProblem(
                post(everywhere, ONE_MALL.replace("}", ", \"templateVersion\": 0}"), "k"), 400, "templateVersion");
        assertThat(post(everywhere, versioned.replace("mall-1", "mall-2"), "k-1"))
                .hasStatus(201);
        assertProblem(post(everywhere, ONE_MALL, "k-1"), 422, "Idempotency-Key");
    }

    @Test
    void a_campaign_by_mail_needs_a_text_that_is_there() {
        String mail = ONE_MALL.replace("alimtalk", "mail");

        assertProblem(post(everywhere, mail, "k-1"), 422, "template: there is no such text");
        web.useCases.manageTemplates().put("NOTICE", "subject", "body");
        assertThat(post(everywhere, mail, "k-1")).as("a refusal keeps no key").hasStatus(201);
    }

    @Test
    void evidence_is_a_line_per_member_without_formulas_and_without_personal_data() {
        members(4);
        String id = started(ONE_MALL);
        List<MemberId> ours = running(id);
        Call call = call(
                id,
                new Ended(ours.get(0), NoticeRecipient.State.ACCEPTED, "=HYPERLINK(\"http://x\",1)", false),
                new Ended(ours.get(1), NoticeRecipient.State.REJECTED, "-3018", false),
                new Ended(ours.get(2), NoticeRecipient.State.REJECTED, "@a\r\nb", false));

        MvcTestResult answer = evidence(ofMall1, id);

        assertThat(answer).hasStatusOk().hasContentType("text/csv;charset=UTF-8");
        assertThat(answer).headers().hasValue("Content-Disposition", "attachment; filename=\"notice-" + id + ".csv\"");
        String rest = call.id() + ",2026-01-02T03:04:05Z,2026-01-02T03:04:07Z";
        assertThat(new String(answer.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8))
                .isEqualTo(String.join(
                        "\r\n",
                        "campaignId,mallId,memberId,channel,template,templateVersion,result,code,requestId,callId,begunAt,endedAt",
                        line(id, ours.get(0), "accepted,,\"'=HYPERLINK(\"\"http://x\"\",1)\"," + rest),
                        line(id, ours.get(1), "rejected,-3018,," + rest),
                        line(id, ours.get(2), "rejected,'@a  b,," + rest),
                        line(id, ours.get(3), "ready,,,,,"),
                        ""));
        assertProblem(evidence(ofMall2, id), 404, "no such campaign");
    }

    private static String line(String id, MemberId member, String rest) {
        return id + ",mall-1," + member + ",alimtalk,NOTICE,1," + rest;
    }

    private static MvcTestResult evidence(MockMvcTester caller, Object id) {
        return caller.get().uri("/api/notice-campaigns/{id}/evidence", id).exchange();
    }

    @Test
    void evidence_of_a_hundred_thousand_members_holds_one_page_at_a_time() throws Exception {
        var out = new Discarding();
        var pages = new Pages(100, out);

        EvidenceCsv.write(campaign(MALL), pages, out);

        assertThat(out.lines).isEqualTo(100_001);
        assertThat(pages.mostBehind).as("bytes that wait while a page is read").isLessThan(1 << 18);
    }

    @Test
    void evidence_that_breaks_off_is_not_taken_for_whole() {
        var pages = new Pages(3, new Discarding());
        pages.failing = 2;

        assertThatThrownBy(() -> EvidenceCsv.write(campaign(MALL), pages, new Discarding()))
                .isInstanceOf(IOException.class)
                .hasMessage("the evidence breaks off: database is unavailable");
        pages.failing = 0;
        pages.read = 0;
        assertThatThrownBy(() -> EvidenceCsv.write(campaign(MALL), pages, new Discarding()))
                .as("before the first line it is an answer of its own")
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void evidence_that_breaks_off_gets_no_other_end() {
        var pages = new Pages(3, new Discarding());
        pages.failing = 1;
        MockMvcTester broken = web.serving(new NoticeCampaignsController(
                web.useCases.startCampaign(), web.useCases.readCampaign(), web.useCases.controlCampaign(), pages));

        MvcTestResult answer = evidence(broken, started(ONE_MALL));

        assertThat(answer.getUnresolvedException())
                .as("so that the server cuts the connection")
                .isInstanceOf(IOException.class);
    }

    /** So many pages of a thousand; each is made when it is asked for. */
    private static final class Pages implements ReadNoticeEvidence {
        private final int count;
        private final Discarding out;
        private int failing = -1;
        private int read;
        private long made;
        private long mostBehind;

        Pages(int count, Discarding out) {
            this.count = count;
            this.out = out;
        }

        @Override
        public List<NoticeRecipient> page(CampaignId id, @Nullable MemberId after) {
            if (read == failing) {
                throw new Unavailable("database", new IOException());
            }
            assertThat(after == null).isEqualTo(read == 0);
            if (read++ == count) {
                return List.of();
            }
            mostBehind = Math.max(mostBehind, made - out.written);
            made += 1000 * 150;
            return IntStream.range(0, 1000)
                    .mapToObj(n -> new NoticeRecipient(
                            MALL, new MemberId(uuid()), NoticeRecipient.State.ACCEPTED, "request-1", uuid(), NOW, NOW))
                    .toList();
        }
    }

    private static final class Discarding extends MockHttpServletResponse {
        private long written;
        private long lines;

        @Override
        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException("it never waits");
                }

                @Override
                public void write(int letter) {
                    written++;
                    lines += letter == '\n' ? 1 : 0;
                }
            };
        }
    }
}
