package mallstream.member.adapter.in.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.MediaType.APPLICATION_JSON;

import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class NoticeTemplatesControllerTest {
    private final Web web = Web.overFakes();
    private final MockMvcTester caller = web.serving(new NoticeTemplatesController(web.useCases.manageTemplates()));

    private MvcTestResult put(String code, String body) {
        return caller.put()
                .uri("/api/notice-templates/{code}", code)
                .contentType(APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult get(String code) {
        return caller.get().uri("/api/notice-templates/{code}", code).exchange();
    }

    @Test
    void a_text_gets_a_version_and_the_same_text_no_other() {
        String first = "{\"subject\": \"Hello {name}\", \"body\": \"All the best\"}";

        assertThat(put("PRIVACY", first)).hasStatus(201).bodyJson().isStrictlyEqualTo("""
                {"code": "PRIVACY", "version": 1, "subject": "Hello {name}", "body": "All the best",
                 "madeAt": "2026-01-02T03:04:05Z"}""");
        assertThat(put("PRIVACY", first))
                .hasStatus(200)
                .bodyJson()
                .extractingPath("$.version")
                .isEqualTo(1);
        assertThat(put("PRIVACY", first.replace("best", "very best")))
                .hasStatus(201)
                .bodyJson()
                .extractingPath("$.version")
                .isEqualTo(2);
        assertThat(get("PRIVACY"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.versions[*].version")
                .asArray()
                .containsExactly(2, 1);
    }

    @Test
    void what_is_missing_or_has_another_form_is_named() {
        assertThat(put("PRIVACY", "{\"subject\": \"s\"}"))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.field")
                .isEqualTo("body");
        assertThat(put("PRIVACY", "{\"subject\": \"a\\nb\", \"body\": \"b\"}"))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.field")
                .isEqualTo("subject");
        assertThat(put("a b", "{\"subject\": \"s\", \"body\": \"b\"}")).hasStatus(400);
        assertThat(get("NONE")).hasStatus(404);
    }
}
