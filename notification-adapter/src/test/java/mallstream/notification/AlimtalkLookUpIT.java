package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.SendNotices.Notice;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.SendNotices.Result;
import mallstream.member.model.Unavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import standin.gateway.GatewayStub;
import standin.gateway.Loss;
import standin.gateway.Sends;

/** The adapter against a gateway that behaves as documented, with lost answers and what is made of them. */
@Timeout(60)
class AlimtalkLookUpIT {
    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Clock ours = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final GatewayStub gateway = new GatewayStub(0, Clock.systemUTC());

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void a_call_with_an_answer_is_listed_as_it_was_answered() throws Exception {
        gateway.refuse(Pattern.compile(".*7"), -5000, 1000);
        gateway.refuse(Pattern.compile(".*8"), -7000, 1000);
        try (AlimtalkNotices notices = notices(gateway.url(), LONG)) {
            Notice notice = notice(1000);
            List<Result> results = notices.send(notice);
            assertThat(results).filteredOn(new Result.Rejected("-5000")::equals).hasSize(100);
            assertThat(results).filteredOn(new Result.Later("-7000")::equals).hasSize(100);
            assertThat(results).filteredOn(Result.Accepted.class::isInstance).hasSize(800);

            assertThat(notices.lookUp(notice.callId(), now.get())).contains(byRow(notice, results));
            assertThat(gateway.lookUps()).as("pages").isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void a_lost_answer_leaves_unknown_and_the_look_up_says_who_was_told(Loss loss) throws Exception {
        gateway.setLoss(loss);
        gateway.lose(1);
        boolean taken = loss.name().startsWith("TAKEN");
        try (AlimtalkNotices notices = notices(gateway.url(), SHORT)) {
            Notice notice = notice(300);
            assertThat(notices.send(notice)).hasSize(300).containsOnly(new Result.Unknown());
            Map<UUID, Result> found = notices.lookUp(notice.callId(), now.get()).orElseThrow();
            assertThat(found).hasSize(taken ? 300 : 0);
            assertThat(found.values()).allMatch(Result.Accepted.class::isInstance);
            assertThat(gateway.sends().sent()).isEqualTo(taken ? 300 : 0);
        }
    }

    @Test
    void a_call_that_is_made_again_tells_nobody_twice_and_is_looked_up_by_its_id() throws Exception {
        gateway.setLoss(Loss.TAKEN_500);
        gateway.lose(1);
        try (AlimtalkNotices notices = notices(gateway.url(), LONG)) {
            Notice notice = notice(10);
            assertThat(notices.send(notice)).containsOnly(new Result.Unknown());
            assertThat(notices.send(notice)).as("-1005").containsOnly(new Result.Unknown());
            assertThat(notices.lookUp(notice.callId(), now.get()).orElseThrow()).hasSize(10);
            assertThat(gateway.sends()).isEqualTo(new Sends(10, 10, 10, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-20, 20})
    void clocks_that_differ_by_hours_hide_nothing(long hours) throws Exception {
        now.set(Instant.now().plus(Duration.ofHours(hours)));
        try (AlimtalkNotices notices = notices(gateway.url(), LONG)) {
            Notice notice = notice(3);
            notices.send(notice);
            assertThat(notices.lookUp(notice.callId(), now.get()).orElseThrow()).hasSize(3);
        }
    }

    @Test
    void what_the_gateway_shows_no_more_is_not_asked_for() throws Exception {
        try (AlimtalkNotices notices = notices(gateway.url(), LONG)) {
            assertThat(notices.lookUp(UUID.randomUUID(), now.get().minus(Duration.ofDays(89))))
                    .isEmpty();
            assertThat(notices.lookUp(UUID.randomUUID(), now.get().minus(Duration.ofDays(87))))
                    .contains(Map.of());
            assertThat(gateway.lookUps()).isEqualTo(1);
        }
    }

    @Test
    void a_look_up_that_fails_says_nothing() throws Exception {
        gateway.failLookUps(1);
        try (AlimtalkNotices notices = notices(gateway.url(), LONG)) {
            Notice notice = notice(3);
            notices.send(notice);
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.lookUp(notice.callId(), now.get()));
            assertThat(notices.lookUp(notice.callId(), now.get()).orElseThrow()).hasSize(3);
        }
    }

    @Test
    void a_gateway_that_hangs_can_be_asked_when_it_is_back() throws Exception {
        try (AlimtalkNotices notices = notices(gateway.url(), SHORT)) {
            Notice notice = notice(3);
            gateway.hang(Duration.ofHours(1));
            assertThat(notices.send(notice)).containsOnly(new Result.Unknown());
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.lookUp(notice.callId(), now.get()));
            gateway.hang(Duration.ZERO);
            assertThat(notices.lookUp(notice.callId(), now.get()).orElseThrow()).hasSize(3);
        }
    }

    @Test
    void a_pause_that_is_asked_for_is_kept_without_a_call() throws Exception {
        gateway.setLimit(0);
        gateway.setRetryAfter(30);
        try (AlimtalkNotices notices = notices(gateway.url(), LONG)) {
            Notice notice = notice(3);
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice));
            gateway.setLimit(1000);
            Unavailable quiet = catchThrowableOfType(Unavailable.class, () -> notices.send(notice));
            assertThat(quiet.getCause()).hasMessageContaining("asked for a pause until");
            assertThatExceptionOfType(Unavailable.class)
                    .as("look-ups keep it too")
                    .isThrownBy(() -> notices.lookUp(notice.callId(), now.get()));
            assertThat(gateway.calls() + gateway.lookUps()).isEqualTo(1);

            now.set(now.get().plusSeconds(30));
            assertThat(notices.send(notice)).allMatch(Result.Accepted.class::isInstance);
        }
    }

    @Test
    void a_429_without_a_word_of_a_pause_is_left_to_the_caller() throws Exception {
        gateway.setLimit(0);
        try (AlimtalkNotices notices = notices(gateway.url(), LONG)) {
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice(3)));
            gateway.setLimit(1000);
            assertThat(notices.send(notice(3))).allMatch(Result.Accepted.class::isInstance);
        }
    }

    @Test
    void look_ups_share_the_rate_with_calls() throws Exception {
        try (AlimtalkNotices notices = new AlimtalkNotices(settings(gateway.url(), 20, LONG), ours)) {
            notices.send(notice(1));
            long start = System.nanoTime();
            for (int n = 0; n < 10; n++) {
                notices.lookUp(UUID.randomUUID(), now.get());
                notices.send(notice(1));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
        }
    }

    @Test
    void the_question_is_as_the_documentation_wants_it() throws Exception {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        try (RawServer raw = new RawServer(connection -> {
                    seen.add(RawServer.readRequest(connection.getInputStream()));
                    RawServer.write(connection.getOutputStream(), http(200, listing(0)));
                });
                AlimtalkNotices notices = notices(url(raw), LONG)) {
            UUID call = UUID.randomUUID();
            now.set(Instant.parse("2026-01-02T16:04:05Z"));
            assertThat(notices.lookUp(call, Instant.parse("2026-01-02T16:04:05Z")))
                    .contains(Map.of());
            assertThat(seen.remove().lines())
                    .contains(
                            "GET /base/alimtalk/v2.3/appkeys/app1/messages?senderGroupingKey=" + call
                                    + "&startRequestDate=2026-01-02%2001%3A04&endRequestDate=2026-01-04%2001%3A04"
                                    + "&pageNum=1&pageSize=200 HTTP/1.1",
                            "X-Secret-Key: secret1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "null",
                "{\"header\":null}",
                "{\"header\":{\"resultCode\":0,\"isSuccessful\":true}}",
                "{\"header\":{\"resultCode\":0,\"isSuccessful\":true},\"messageSearchResultResponse\":{\"messages\":[]}}",
                "{\"header\":{\"resultCode\":-4103,\"isSuccessful\":false},\"messageSearchResultResponse\":{\"messages\":[],\"totalCount\":0}}"
            })
    void an_answer_that_says_nothing_is_no_look_up(String body) throws Exception {
        assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> lookUp(UUID.randomUUID(), 200, body));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 408, 429, 500, 502, 503, 504})
    void a_list_with_another_status_than_200_is_no_look_up(int status) throws Exception {
        assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> lookUp(UUID.randomUUID(), status, listing(0)));
    }

    @Test
    void a_list_that_contradicts_itself_is_no_look_up() throws Exception {
        UUID call = UUID.randomUUID();
        UUID row = UUID.randomUUID();
        String message = message(call.toString(), row.toString(), "COMPLETED", "MRC01");
        assertThat(lookUp(call, 200, listing(1, message))).isEqualTo(Map.of(row, new Result.Accepted("req")));

        List<String> bad = List.of(
                listing(2, message),
                listing(1),
                listing(1, message, message.replace("\"recipientSeq\":1", "\"recipientSeq\":2")),
                listing(1, message(UUID.randomUUID().toString(), row.toString(), "COMPLETED", "MRC01")),
                listing(1, message(call.toString(), "order-7", "COMPLETED", "MRC01")),
                listing(1, message.replace("\"req\"", "null")));
        for (String body : bad) {
            Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> lookUp(call, 200, body));
            assertThat(thrown).as(body).isNotNull();
            assertThat(thrown.getCause()).hasMessageContaining("look-up").hasMessageNotContaining("0100");
        }
    }

    @Test
    void a_message_that_was_sent_stays_accepted_and_one_that_failed_has_its_code() throws Exception {
        UUID call = UUID.randomUUID();
        Map<String, Result> expected = new HashMap<>();
        expected.put("COMPLETED MRC02", new Result.Accepted("req"));
        expected.put("READY null", new Result.Accepted("req"));
        expected.put("FAILED -5000", new Result.Rejected("-5000"));
        expected.put("FAILED -7000", new Result.Later("-7000"));
        expected.put("FAILED -9999", new Result.Later("-9999"));
        expected.put("FAILED MRC02", new Result.Rejected("failed"));
        expected.put("CANCEL null", new Result.Rejected("cancel"));
        for (Map.Entry<String, Result> each : expected.entrySet()) {
            UUID row = UUID.randomUUID();
            String[] said = each.getKey().split(" ", 2);
            assertThat(lookUp(call, 200, listing(1, message(call.toString(), row.toString(), said[0], said[1]))))
                    .as(each.getKey())
                    .isEqualTo(Map.of(row, each.getValue()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "closed", "reset"})
    void a_look_up_without_an_answer_says_nothing(String how) throws Exception {
        try (RawServer raw = new RawServer(connection -> {
                    RawServer.readRequest(connection.getInputStream());
                    switch (how) {
                        case "silent" -> connection.getInputStream().read();
                        case "reset" -> connection.setSoLinger(true, 0);
                        default -> {}
                    }
                });
                AlimtalkNotices notices = notices(url(raw), SHORT)) {
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.lookUp(UUID.randomUUID(), now.get()));
            assertThat(raw.connections).as("no try of its own").hasValue(1);
        }
    }

    private Map<UUID, Result> lookUp(UUID call, int status, String body) throws Exception {
        try (RawServer raw = RawServer.answering(http(status, body));
                AlimtalkNotices notices = notices(url(raw), LONG)) {
            return notices.lookUp(call, now.get()).orElseThrow();
        }
    }

    private AlimtalkNotices notices(URI url, Duration timeout) throws Exception {
        return new AlimtalkNotices(settings(url, 1000, timeout), ours);
    }

    private static URI url(RawServer server) {
        return URI.create("http://127.0.0.1:" + server.port() + "/base/");
    }

    private static GatewaySettings settings(URI url, int requestsPerSecond, Duration timeout) {
        return new GatewaySettings(
                url, GatewayStub.APP_KEY, GatewayStub.SECRET_KEY, GatewayStub.SENDER_KEY, requestsPerSecond, timeout);
    }

    private static Notice notice(int recipients) {
        return new Notice(
                UUID.randomUUID(),
                "YEARLY",
                null,
                IntStream.range(0, recipients)
                        .mapToObj(n -> new Recipient(UUID.randomUUID(), "0100000%04d".formatted(n), "홍길동"))
                        .toList());
    }

    private static Map<UUID, Result> byRow(Notice notice, List<Result> results) {
        Map<UUID, Result> byRow = new HashMap<>();
        for (int i = 0; i < results.size(); i++) {
            byRow.put(notice.recipients().get(i).rowId(), results.get(i));
        }
        return byRow;
    }

    private static String http(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body;
    }

    private static String listing(int total, String... messages) {
        return "{\"header\":{\"resultCode\":0,\"isSuccessful\":true},\"messageSearchResultResponse\":{\"messages\":["
                + String.join(",", messages) + "],\"totalCount\":" + total + "}}";
    }

    private static String message(String call, String row, String status, String code) {
        return ("{\"requestId\":\"req\",\"recipientSeq\":1,\"recipientNo\":\"01000000000\",\"messageStatus\":\"%s\","
                        + "\"resultCode\":%s,\"senderGroupingKey\":\"%s\",\"recipientGroupingKey\":\"%s\"}")
                .formatted(status, code.equals("null") ? code : "\"" + code + "\"", call, row);
    }
}
