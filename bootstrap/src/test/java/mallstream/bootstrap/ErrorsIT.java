package mallstream.bootstrap;

import static mallstream.bootstrap.infrastructure.PlatformTest.API_KEY;
import static mallstream.bootstrap.infrastructure.PlatformTest.OPERATOR_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every error is a problem detail, whoever found it, and tells nothing that it should not. */
@EdgeTest
@ExtendWith(OutputCaptureExtension.class)
class ErrorsIT {
    private static final String PATH = "/api/errors-it";

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    @SuppressWarnings("NullAway.Init")
    private RequestMappingHandlerMapping mapping;

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @SuppressWarnings("NullAway.Init")
    private Http http;

    record Body(int number, String text) {}

    /** It is registered by hand: an annotated controller would be found by every scan over the test classes. */
    static final class Probe {
        @ResponseBody
        Body echo(@RequestBody Body body) {
            return body;
        }

        @ResponseBody
        String fail(@RequestParam int number) {
            throw new IllegalStateException("hong@example.com " + number, new IOException("010-1234-5678"));
        }
    }

    @BeforeEach
    void register() throws NoSuchMethodException {
        http = new Http(port);
        Probe probe = new Probe();
        mapping.registerMapping(info(RequestMethod.POST), probe, Probe.class.getDeclaredMethod("echo", Body.class));
        mapping.registerMapping(info(RequestMethod.GET), probe, Probe.class.getDeclaredMethod("fail", int.class));
    }

    @AfterEach
    void unregister() {
        mapping.unregisterMapping(info(RequestMethod.POST));
        mapping.unregisterMapping(info(RequestMethod.GET));
    }

    private RequestMappingInfo info(RequestMethod method) {
        return RequestMappingInfo.paths(PATH)
                .methods(method)
                .options(mapping.getBuilderConfiguration())
                .build();
    }

    @Test
    void a_good_call_passes() {
        assertThat(http.call("POST", PATH, API_KEY, "{\"number\":1,\"text\":\"x\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void an_unknown_address_is_404() {
        problem(http.call("GET", "/api/nothing-here", API_KEY, null), 404);
    }

    @Test
    void nothing_of_the_path_is_repeated() {
        for (String path : List.of("/api/hong@example.com", "/api/malls/mall-1/members/hong@example.com")) {
            HttpResponse<String> answer = http.call("GET", path, API_KEY, null);

            assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(answer.body()).contains("\"detail\"").doesNotContain("hong@example.com", "\"instance\"");
        }
    }

    @Test
    void a_method_that_the_address_does_not_know_is_405() {
        HttpResponse<String> answer = http.call("PUT", PATH, API_KEY, "{}");

        problem(answer, 405);
        assertThat(answer.headers().firstValue("Allow")).isPresent();
    }

    @Test
    void another_media_type_is_415() {
        problem(
                http.send("POST", PATH, BodyPublishers.ofString("<x/>"), headers("Content-Type", "application/xml")),
                415);
    }

    @Test
    void an_answer_that_nobody_accepts_is_406() {
        problem(
                http.send(
                        "POST",
                        PATH,
                        BodyPublishers.ofString("{\"number\":1,\"text\":\"x\"}"),
                        headers("Content-Type", "application/json", "Accept", "text/csv")),
                406);
    }

    @Test
    void malformed_json_wrong_types_and_an_empty_body_are_400_and_repeat_nothing() {
        for (String body :
                new String[] {"{\"text\":\"hong@example.com\"", "{\"number\":\"hong@example.com\"}", "[]", ""}) {
            HttpResponse<String> answer = http.call("POST", PATH, API_KEY, body);
            problem(answer, 400);
            assertThat(answer.body()).doesNotContain("hong", "line", "Body");
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            number| {"number":"1","text":"x"}
            number| {"number":1.0,"text":"x"}
            number| {"number":1.5,"text":"x"}
            number| {"number":true,"text":"x"}
            number| {"number":"","text":"x"}
            number| {"number":99999999999,"text":"x"}
            text| {"number":1,"text":5}
            text| {"number":1,"text":5.5}
            text| {"number":1,"text":true}
            text| {"number":1,"text":["x"]}
            text| {"number":1,"text":{"x":1}}
            body| []
            body| "x"
            body| 5
            """, delimiter = '|')
    void a_value_of_the_wrong_type_is_400_with_the_name_of_its_field(String field, String body) {
        HttpResponse<String> answer = http.call("POST", PATH, API_KEY, body);

        problem(answer, 400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"", "\"detail\":\"" + field + ": ");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            /api/malls/mall-1/members| loginId| {"loginId":5,"name":"Hong","email":"h@example.com","phone":"01012345678"}
            /api/malls/mall-1/members| phone| {"loginId":"h","name":"Hong","email":"h@example.com","phone":1012345678}
            /api/malls/mall-1/webhook-endpoints| url| {"url":true}
            /api/notice-campaigns| mallId| {"mallId":5,"year":2026,"channel":"alimtalk","template":"T"}
            /api/notice-campaigns| year| {"mallId":"mall-1","year":2026.5,"channel":"alimtalk","template":"T"}
            /api/notice-campaigns| year| {"mallId":"mall-1","year":"2026","channel":"alimtalk","template":"T"}
            """, delimiter = '|')
    void the_routes_take_no_value_for_another(String path, String field, String body) {
        HttpResponse<String> answer = http.call("POST", path, API_KEY, body);

        problem(answer, 400);
        assertThat(answer.body()).contains(field + ": has the wrong type", "\"field\":\"" + field + "\"");
    }

    @Test
    void a_parameter_of_the_wrong_type_is_400_and_repeats_nothing() {
        HttpResponse<String> answer = http.call("GET", PATH + "?number=hong", API_KEY, null);

        problem(answer, 400);
        assertThat(answer.body()).contains("number").doesNotContain("hong");
    }

    @Test
    void a_body_over_1_MB_is_413_with_and_without_a_length() {
        byte[] large = ("{\"number\":1,\"text\":\"" + "x".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);

        problem(
                http.send("POST", PATH, BodyPublishers.ofByteArray(large), headers("Content-Type", "application/json")),
                413);
        problem(
                http.send(
                        "POST",
                        PATH,
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
                        headers("Content-Type", "application/json")),
                413);
    }

    @Test
    void a_body_of_just_1_MB_passes_without_a_length() {
        String start = "{\"number\":1,\"text\":\"";
        byte[] body = (start + "x".repeat((1 << 20) - start.length() - 2) + "\"}").getBytes(StandardCharsets.UTF_8);

        assertThat(body).hasSize(1 << 20);
        assertThat(http.send(
                                "POST",
                                PATH,
                                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
                                headers("Content-Type", "application/json"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void an_unexpected_failure_is_500_and_tells_its_text_neither_the_caller_nor_the_log(CapturedOutput output) {
        HttpResponse<String> answer = http.call("GET", PATH + "?number=7", API_KEY, null);

        problem(answer, 500);
        assertThat(answer.body()).doesNotContain("hong", "Exception");
        assertThat(output.getAll())
                .containsOnlyOnce("GET " + PATH + " failed")
                .contains("java.lang.IllegalStateException", "java.io.IOException", "ErrorsIT$Probe.fail")
                .doesNotContain("hong@example.com", "010-1234-5678");
    }

    @Test
    void addresses_that_are_none_and_lines_that_are_no_HTTP_are_400() throws IOException {
        for (String line : new String[] {
            "GET /api/a|b HTTP/1.1", "GET /api/%zz HTTP/1.1", "GET /api/a%2Fb HTTP/1.1", "GET /api/a;b HTTP/1.1"
        }) {
            for (int each : new int[] {port, managementPort}) {
                String answer = raw(each, line);
                assertThat(answer)
                        .as(line)
                        .startsWith("HTTP/1.1 400")
                        .contains("application/problem+json", "\"status\":400")
                        .doesNotContain("Tomcat", "<html");
            }
        }
    }

    @Test
    void the_management_port_answers_with_problems_too() {
        Http management = new Http(managementPort);

        problem(management.call("GET", "/actuator/nothing", EdgeTest.VIEWER_KEY, null), 404);
        problem(management.call("GET", "/actuator/health/nothing", EdgeTest.VIEWER_KEY, null), 404);
        problem(management.call("POST", "/actuator/info", OPERATOR_KEY, "{}"), 405);
        problem(
                management.call(
                        "POST", "/actuator/consumers/coupon/limits", OPERATOR_KEY, "{\"maxInFlight\":\"hong\"}"),
                400);
        problem(management.call("GET", "/actuator/consumers/hong", EdgeTest.VIEWER_KEY, null), 404);
    }

    @Test
    void the_probes_tell_strangers_a_state_and_no_parts() {
        Http management = new Http(managementPort);

        assertThat(management
                        .call("GET", "/actuator/health/liveness", null, null)
                        .body())
                .isEqualTo("{\"status\":\"UP\"}");
        assertThat(management
                        .call("GET", "/actuator/health/readiness", null, null)
                        .body())
                .isEqualTo("{\"status\":\"UP\"}");
        assertThat(management
                        .call("GET", "/actuator/health/readiness", EdgeTest.VIEWER_KEY, null)
                        .body())
                .contains("readinessState", "\"db\"")
                .doesNotContain("consumers");
    }

    @Test
    void the_description_names_the_bearer_key() {
        assertThat(http.call("GET", "/v3/api-docs", EdgeTest.VIEWER_KEY, null).body())
                .contains("\"scheme\":\"bearer\"", "/api/malls/{mallId}/members")
                .doesNotContain("/actuator");
    }

    private static String raw(int port, String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((line + "\r\nHost: localhost\r\nAuthorization: Bearer " + API_KEY
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Stream<String> headers(String... more) {
        return Stream.concat(Stream.of("Authorization", "Bearer " + API_KEY), Stream.of(more));
    }

    private static void problem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, "\"title\"", "\"detail\"");
    }
}
