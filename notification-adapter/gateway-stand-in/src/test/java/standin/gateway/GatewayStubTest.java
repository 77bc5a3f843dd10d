package standin.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class GatewayStubTest {
    private static final String NOW = "2026-01-02T03:04:05Z";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse(NOW));
    private final GatewayStub gateway = new GatewayStub(0, ((InstantSource) now::get).withZone(ZoneOffset.UTC));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    @Test
    void each_recipient_gets_the_answer_that_its_number_is_meant_to_get() throws Exception {
        gateway.refuse(Pattern.compile("0100000000[12]"), -5000, 1);
        JsonNode answer = post("group", null, rows(4));
        assertThat(answer.at("/header/isSuccessful").asBoolean()).isTrue();
        assertThat(answer.at("/message/senderGroupingKey").asString()).isEqualTo("group");
        assertThat(answer.at("/message/sendResults").valueStream())
                .extracting(each -> each.get("resultCode").asInt())
                .containsExactly(0, -5000, 0, 0);
        assertThat(gateway.sends()).isEqualTo(new Sends(3, 3, 3, 1));
    }

    @Test
    void who_got_two_is_found_by_row_and_by_number() throws Exception {
        List<UUID> rows = rows(3);
        post("one", null, rows);
        assertThat(gateway.sends()).isEqualTo(new Sends(3, 3, 3, 0));
        post("two", null, rows.subList(0, 1));
        post("three", null, rows(1));
        assertThat(gateway.sends()).isEqualTo(new Sends(5, 4, 3, 0));
        assertThat(gateway.sendsFor(rows.getFirst())).isEqualTo(2);
        assertThat(gateway.sendsFor(rows.getLast())).isEqualTo(1);
        assertThat(gateway.sendsTo("01000000000")).isEqualTo(3);
        assertThat(gateway.sendsTo("01000000009")).isZero();
    }

    @Test
    void a_key_is_good_for_one_call_in_ten_minutes() throws Exception {
        assertThat(code(post("group", "key", rows(1)))).isZero();
        assertThat(code(post("group", "key", rows(1)))).isEqualTo(-1005);
        now.set(now.get().plus(Duration.ofMinutes(10)));
        assertThat(code(post("group", "key", rows(1)))).isZero();
        assertThat(gateway.sends().sent()).isEqualTo(2);
    }

    @Test
    void a_call_of_many_is_listed_page_by_page_from_all_its_chunks() throws Exception {
        Set<String> all = new HashSet<>();
        for (int call = 0; call < 70; call++) {
            List<UUID> rows = rows(1000);
            post(call < 68 ? "other" : "group", null, rows);
            if (call >= 68) {
                rows.forEach(row -> all.add(row.toString()));
            }
        }
        Set<String> listed = new HashSet<>();
        for (int page = 1; page <= 5; page++) {
            JsonNode shown = list("group", "2026-01-02 12:04", "2026-01-02 12:04", page, 500);
            assertThat(shown.get("totalCount").asInt()).isEqualTo(2000);
            assertThat(shown.get("messages").size()).isEqualTo(page <= 4 ? 500 : 0);
            shown.get("messages")
                    .forEach(each -> listed.add(each.get("recipientGroupingKey").asString()));
        }
        assertThat(listed).isEqualTo(all);
        assertThat(list("group", "2026-01-02 12:05", "2026-01-03 12:05", 1, 15)
                        .get("totalCount")
                        .asInt())
                .isZero();
    }

    @Test
    void what_was_taken_is_listed_when_it_is_meant_to_be() throws Exception {
        gateway.setListedAfter(Duration.ofSeconds(5));
        post("group", null, rows(1));
        assertThat(list("group", "2026-01-02 12:00", "2026-01-02 13:00", 1, 15)
                        .get("totalCount")
                        .asInt())
                .isZero();
        now.set(now.get().plusSeconds(5));
        assertThat(list("group", "2026-01-02 12:00", "2026-01-02 13:00", 1, 15)
                        .get("totalCount")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "startRequestDate=2026-01-01T00:00&endRequestDate=2026-01-02 00:00, -4103",
        "startRequestDate=2026-02-30 00:00&endRequestDate=2026-03-02 00:00, -4103",
        "endRequestDate=2026-01-02 00:00, -4103",
        "startRequestDate=2026-01-01 00:00&endRequestDate=2026-02-02 00:00, -4003",
        "startRequestDate=2026-01-01 00:00&endRequestDate=2026-01-02 00:00&pageSize=1001, -4000",
        "startRequestDate=2026-01-01 00:00&endRequestDate=2026-01-02 00:00&pageNum=0, -4000"
    })
    void a_question_of_another_form_is_refused(String query, int code) throws Exception {
        HttpResponse<String> answer =
                send(request("/alimtalk/v2.3/appkeys/app1/messages?senderGroupingKey=g&" + query.replace(" ", "%20"))
                        .GET());
        assertThat(code(JsonMapper.shared().readTree(answer.body()))).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"senderKey\":\"other\",\"recipientList\":[]}', -2017",
        "'{\"senderKey\":\"sender1\",\"templateCode\":\"NO-SUCH\"}', -3003",
        "'{\"senderKey\":\"sender1\",\"recipientList\":[]}', -4011",
        "'{\"senderKey\":\"sender1\",\"recipientList\":[{\"recipientNo\":\"01000000000\"}]}', -4000",
        "'{\"senderKey\":\"sender1\",\"recipientList\":[{\"recipientGroupingKey\":\"7\"}]}', -4000",
        "'[]', -4000",
        "'{', -4000"
    })
    void a_call_of_another_form_is_refused_as_a_whole(String body, int code) throws Exception {
        assertThat(code(JsonMapper.shared().readTree(send(messages(body, null)).body())))
                .isEqualTo(code);
        assertThat(gateway.sends()).isEqualTo(new Sends(0, 0, 0, 0));
    }

    @Test
    void keys_are_checked() throws Exception {
        assertThat(send(request("/alimtalk/v2.3/appkeys/other/messages").GET()).body())
                .contains("-1000");
        assertThat(send(HttpRequest.newBuilder(gateway.url().resolve("/alimtalk/v2.3/appkeys/app1/messages"))
                                .GET())
                        .body())
                .contains("-1001");
    }

    @Test
    void more_calls_than_the_limit_are_refused_with_a_word_of_when_to_come_again() throws Exception {
        gateway.setLimit(0);
        gateway.setRetryAfter(7);
        HttpResponse<String> answer = send(messages("{}", null));
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    }

    @Test
    void one_answer_of_three_is_lost_and_its_messages_are_taken_all_the_same() throws Exception {
        gateway.setLoseEvery(3);
        gateway.setLoss(Loss.TAKEN_CLOSED);
        int lost = 0;
        for (int call = 0; call < 9; call++) {
            try {
                post("group" + call, null, rows(1));
            } catch (IOException e) {
                lost++;
            }
        }
        assertThat(lost).isEqualTo(3);
        assertThat(gateway.sends().sent()).isEqualTo(9);
    }

    @Test
    void a_call_that_is_dropped_takes_nothing() {
        gateway.setLoss(Loss.UNTAKEN_CLOSED);
        gateway.lose(1);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> post("group", "key", rows(1)));
        assertThat(gateway.sends().sent()).isZero();
    }

    @Test
    void it_is_told_and_asked_over_http_as_in_its_own_process() throws Exception {
        String settings = "latency=30&limit=300&retry-after=1&loss=TAKEN_500&lose=1&lose-every=0&hang=1&listed-after=0"
                + "&fail-look-ups=0&refuse=-5000:1:0100000000[01]";
        assertThat(send(request("/control?" + settings).POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        List<UUID> rows = rows(2);
        long start = System.nanoTime();
        assertThat(send(messages(body("group", rows), null)).statusCode()).isEqualTo(500);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(30));
        assertThat(send(request("/control").GET()).body())
                .isEqualTo("{\"sent\":1,\"rows\":1,\"phones\":1,\"refused\":1,\"calls\":1,\"lookUps\":0,\"limited\":0,"
                        + "\"duplicates\":0,\"lost\":1}");
        assertThat(send(request("/control?row=" + rows.getLast()).GET()).body()).isEqualTo("{\"sends\":1}");
        assertThat(send(request("/control?phone=01000000000").GET()).body()).isEqualTo("{\"sends\":0}");
        assertThat(send(request("/control?speed=1").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(400);
        send(request("/control").DELETE());
        assertThat(gateway.sends()).isEqualTo(new Sends(0, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> gateway.set("refuse", "-5000"));
    }

    private static List<UUID> rows(int count) {
        return IntStream.range(0, count).mapToObj(n -> UUID.randomUUID()).toList();
    }

    private static String body(String group, List<UUID> rows) {
        return "{\"senderKey\":\"sender1\",\"templateCode\":\"YEARLY\",\"recipientList\":["
                + IntStream.range(0, rows.size())
                        .mapToObj(n -> ("{\"recipientNo\":\"0100000%04d\",\"templateParameter\":{\"name\":\"홍길동\"},"
                                        + "\"recipientGroupingKey\":\"%s\"}")
                                .formatted(n, rows.get(n)))
                        .collect(Collectors.joining(","))
                + "],\"senderGroupingKey\":\"" + group + "\"}";
    }

    private JsonNode post(String group, @Nullable String key, List<UUID> rows)
            throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(send(messages(body(group, rows), key)).body());
    }

    private JsonNode list(String group, String from, String to, int page, int size)
            throws IOException, InterruptedException {
        String query = "senderGroupingKey=%s&startRequestDate=%s&endRequestDate=%s&pageNum=%d&pageSize=%d"
                .formatted(group, from.replace(" ", "%20"), to.replace(" ", "%20"), page, size);
        return JsonMapper.shared()
                .readTree(send(request("/alimtalk/v2.3/appkeys/app1/messages?" + query)
                                .GET())
                        .body())
                .get("messageSearchResultResponse");
    }

    private static int code(JsonNode answer) {
        return answer.at("/header/resultCode").asInt();
    }

    private HttpRequest.Builder messages(String body, @Nullable String key) {
        HttpRequest.Builder request =
                request("/alimtalk/v2.3/appkeys/app1/messages").POST(HttpRequest.BodyPublishers.ofString(body));
        return key == null ? request : request.header("X-NC-API-IDEMPOTENCY-KEY", key);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + path)).header("X-Secret-Key", "secret1");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
