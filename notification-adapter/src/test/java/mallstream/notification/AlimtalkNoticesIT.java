package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.SendNotices.Notice;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.application.port.out.SendNotices.Result;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class AlimtalkNoticesIT {
    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Clock CLOCK = Clock.systemUTC();
    private static final UUID CALL = UUID.fromString("0199a0c0-0000-7000-8000-000000000001");
    private static final String OK_HEADER = "{\"resultCode\":0,\"resultMessage\":\"SUCCESS\",\"isSuccessful\":true}";

    @Test
    void the_gateway_gets_what_its_api_asks_for() throws Exception {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        try (RawServer gateway = new RawServer(connection -> {
                    seen.add(RawServer.readRequest(connection.getInputStream()));
                    RawServer.write(connection.getOutputStream(), http(500, ""));
                });
                AlimtalkNotices notices = notices(gateway, LONG)) {
            Notice notice = notice(2);
            notices.send(notice);

            String request = seen.remove();
            assertThat(request.lines())
                    .contains(
                            "POST /base/alimtalk/v2.3/appkeys/app1/messages HTTP/1.1",
                            "X-Secret-Key: secret1",
                            "X-NC-API-IDEMPOTENCY-KEY: " + CALL,
                            "Content-Type: application/json; charset=UTF-8");
            JsonNode body = JsonMapper.shared().readTree(request.substring(request.indexOf("\r\n\r\n")));
            Recipient first = notice.recipients().getFirst();
            assertThat(body.toString())
                    .startsWith(("{\"senderKey\":\"sender1\",\"templateCode\":\"YEARLY\",\"senderGroupingKey\":\"%s\","
                                    + "\"recipientList\":[{\"recipientNo\":\"01000000000\","
                                    + "\"templateParameter\":{\"name\":\"홍길동\"},\"recipientGroupingKey\":\"%s\"},{")
                            .formatted(CALL, first.rowId()));
            assertThat(body.get("recipientList").size()).isEqualTo(2);
        }
    }

    @Test
    void a_result_finds_its_recipient_by_our_row_id_only() throws Exception {
        Notice notice = notice(1000);
        // Backwards, every tenth refused, and one without an answer.
        List<String> results = new ArrayList<>();
        for (int n = 999; n >= 1; n--) {
            results.add(sendResult(notice.recipients().get(n), n % 10 == 0 ? -5000 : 0));
        }
        List<Result> answers = send(notice, 200, sent("req-1", results));
        for (int n = 1; n < 1000; n++) {
            assertThat(answers.get(n))
                    .isEqualTo(n % 10 == 0 ? new Result.Rejected("-5000") : new Result.Accepted("req-1"));
        }
        assertThat(answers.getFirst()).isEqualTo(new Result.Unknown());
    }

    @Test
    void http_200_alone_is_no_success() throws Exception {
        Notice notice = notice(2);
        assertThat(send(notice, 200, "{\"header\":" + OK_HEADER + "}")).containsOnly(new Result.Unknown());
        assertThat(send(
                        notice,
                        200,
                        "{\"header\":" + OK_HEADER + ",\"message\":{\"requestId\":\"r\",\"sendResults\":[]}}"))
                .containsOnly(new Result.Unknown());
        assertThat(send(
                        notice,
                        200,
                        sent("r", List.of(sendResult(notice.recipients().getFirst(), 0)))
                                .replace("true", "false")))
                .as("taken in a call that failed")
                .containsOnly(new Result.Unknown());
        assertThat(send(notice, 200, refused(-3003))).containsOnly(new Result.Rejected("-3003"));
        assertThat(send(notice, 400, refused(-2016))).containsOnly(new Result.Rejected("-2016"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "\"text\"",
                "{\"header\":null}",
                "{\"header\":{}}",
                "{\"header\":{\"resultCode\":\"x\"}}"
            })
    void an_answer_that_says_nothing_leaves_all_unknown(String body) throws Exception {
        assertThat(send(notice(3), 200, body)).hasSize(3).containsOnly(new Result.Unknown());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1005, -9999, -7000})
    void a_duplicate_key_and_a_failure_inside_leave_all_unknown(int code) throws Exception {
        assertThat(send(notice(2), 200, refused(code))).containsOnly(new Result.Unknown());
        assertThat(send(notice(2), 400, refused(code))).containsOnly(new Result.Unknown());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 408})
    void a_server_error_after_the_request_leaves_all_unknown(int status) throws Exception {
        assertThat(send(notice(2), status, "")).containsOnly(new Result.Unknown());
        assertThat(send(notice(2), status, refused(-3003))).containsOnly(new Result.Unknown());
    }

    @ParameterizedTest
    @CsvSource({
        "0, Accepted",
        "-5000, Rejected",
        "-3003, Rejected",
        "4, Rejected",
        "-31415, Rejected",
        "-7000, Later",
        "-1027, NotSent",
        "-1017, NotSent",
        "-9999, Unknown",
        "-1005, Unknown"
    })
    void a_recipients_code_says_whether_it_passes(int code, String result) throws Exception {
        Notice notice = notice(2);
        List<String> results = List.of(
                sendResult(notice.recipients().getFirst(), code),
                sendResult(notice.recipients().getLast(), 0));
        List<Result> answers = send(notice, 200, sent("r", results));
        assertThat(answers.getFirst().getClass().getSimpleName()).isEqualTo(result);
        assertThat(answers.getLast()).isEqualTo(new Result.Accepted("r"));
    }

    @Test
    void a_sender_that_is_refused_for_every_recipient_refuses_nobody() throws Exception {
        Notice notice = notice(2);
        String refused = sent(
                "r",
                notice.recipients().stream()
                        .map(each -> sendResult(each, -1027))
                        .toList());
        Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> send(notice, 200, refused));
        assertThat(thrown.getCause()).hasMessageContaining("-1027").hasMessageContaining("mallstream.notice.gateway");
    }

    @ParameterizedTest
    @CsvSource({
        "429, 0",
        "401, 0",
        "403, -1001",
        "404, -9998",
        "302, 0",
        "200, -1000",
        "200, -4005",
        "200, -1017",
        "400, 0",
        "405, 0",
        "413, 0",
        "415, 0",
        "451, 0"
    })
    void a_call_that_was_refused_as_a_whole_may_be_made_again(int status, int code) throws Exception {
        String body = code == 0 ? "" : refused(code);
        assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> send(notice(2), status, body));
    }

    @Test
    void nobody_there_and_an_unknown_name_took_nothing() throws Exception {
        int closed;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = taken.getLocalPort();
        }
        for (String url : List.of("http://127.0.0.1:" + closed, "http://no-such-gateway.invalid")) {
            try (AlimtalkNotices notices = new AlimtalkNotices(settings(URI.create(url), 1000, LONG), CLOCK)) {
                assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice(1)));
            }
        }
    }

    @Test
    void a_connection_that_is_not_made_in_time_took_nothing() throws Exception {
        // A reserved address: what is sent there is refused by the machine or lost, but never taken.
        try (AlimtalkNotices notices =
                new AlimtalkNotices(settings(URI.create("http://240.0.0.1:9"), 1000, SHORT), CLOCK)) {
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice(1)));
        }
    }

    @Test
    void a_handshake_that_hangs_took_nothing() throws Exception {
        try (RawServer silent =
                        new RawServer(connection -> connection.getInputStream().read(new byte[1 << 20], 0, 1 << 20));
                AlimtalkNotices notices = new AlimtalkNotices(
                        settings(URI.create("https://127.0.0.1:" + silent.port()), 1000, SHORT), CLOCK)) {
            assertThatExceptionOfType(Unavailable.class).isThrownBy(() -> notices.send(notice(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "closed", "reset", "closed in the middle of the request", "trickling"})
    void whatever_happens_after_the_request_was_begun_leaves_all_unknown(String how) throws Exception {
        try (RawServer gateway = new RawServer(connection -> {
                    if (how.equals("closed in the middle of the request")) {
                        connection.getInputStream().readNBytes(2000);
                        connection.setSoLinger(true, 0);
                        return;
                    }
                    RawServer.readRequest(connection.getInputStream());
                    switch (how) {
                        case "silent" -> connection.getInputStream().read();
                        case "reset" -> connection.setSoLinger(true, 0);
                        case "trickling" -> {
                            CountDownLatch pause = new CountDownLatch(1);
                            while (true) {
                                RawServer.write(connection.getOutputStream(), "H");
                                pause.await(SHORT.toMillis() / 2, TimeUnit.MILLISECONDS);
                            }
                        }
                        default -> {}
                    }
                });
                AlimtalkNotices notices = notices(gateway, SHORT)) {
            long start = System.nanoTime();
            assertThat(notices.send(notice(1000))).hasSize(1000).containsOnly(new Result.Unknown());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(3));
            assertThat(gateway.connections).as("no try of its own").hasValue(1);
        }
    }

    @Test
    void an_answer_beyond_2_MB_is_not_read() throws Exception {
        Notice notice = notice(1);
        String padded = sent(
                "r".repeat(3_000_000), List.of(sendResult(notice.recipients().getFirst(), 0)));
        assertThat(send(notice, 200, padded)).containsOnly(new Result.Unknown());
    }

    @Test
    void calls_are_spread_over_the_second_and_one_that_would_wait_too_long_is_not_made() throws Exception {
        Notice notice = notice(1);
        String answer = sent("r", List.of(sendResult(notice.recipients().getFirst(), 0)));
        try (RawServer gateway = RawServer.answering(http(200, answer));
                AlimtalkNotices notices = new AlimtalkNotices(settings(url(gateway), 20, LONG), CLOCK);
                AlimtalkNotices slow = new AlimtalkNotices(settings(url(gateway), 1, SHORT), CLOCK)) {
            notices.send(notice);
            long start = System.nanoTime();
            for (int n = 0; n < 20; n++) {
                assertThat(notices.send(notice)).containsExactly(new Result.Accepted("r"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));

            int before = gateway.requests.get();
            ConcurrentLinkedQueue<Unavailable> refused = new ConcurrentLinkedQueue<>();
            List<Thread> callers = IntStream.range(0, 10)
                    .mapToObj(n -> Thread.ofVirtual().start(() -> {
                        try {
                            slow.send(notice);
                        } catch (Unavailable e) {
                            refused.add(e);
                        }
                    }))
                    .toList();
            for (Thread caller : callers) {
                caller.join();
            }
            // One now and two more after a second each are all that 1.5 s allow.
            assertThat(refused)
                    .hasSizeBetween(7, 9)
                    .allSatisfy(e -> assertThat(e.getCause())
                            .hasMessageContaining("mallstream.notice.gateway.requests-per-second"));
            assertThat(gateway.requests.get() - before).isEqualTo(10 - refused.size());
        }
    }

    @Test
    void without_an_address_every_call_says_which_setting_is_missing() throws Exception {
        try (AlimtalkNotices notices = new AlimtalkNotices(new GatewaySettings(null, "", "", "", 1, LONG), CLOCK)) {
            Unavailable thrown = catchThrowableOfType(Unavailable.class, () -> notices.send(notice(1)));
            assertThat(thrown).hasMessage("message gateway is unavailable");
            assertThat(thrown.getCause()).hasMessage("mallstream.notice.gateway.base-url is not set");
        }
    }

    @Test
    void more_than_a_thousand_or_nobody_is_not_sent() throws Exception {
        try (RawServer gateway = RawServer.answering(http(500, ""));
                AlimtalkNotices notices = notices(gateway, LONG)) {
            assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> notices.send(notice(1001)));
            assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> notices.send(notice(0)));
            assertThat(gateway.connections).hasValue(0);
        }
    }

    @Test
    void an_interrupted_caller_learns_that_nothing_is_known() throws Exception {
        Thread caller = Thread.currentThread();
        try (RawServer gateway = new RawServer(connection -> {
                    RawServer.readRequest(connection.getInputStream());
                    caller.interrupt();
                    connection.getInputStream().read();
                });
                AlimtalkNotices notices = notices(gateway, LONG)) {
            assertThat(notices.send(notice(1))).containsOnly(new Result.Unknown());
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void no_personal_data_is_in_what_is_thrown() throws Exception {
        try (RawServer gateway = RawServer.answering(http(429, ""));
                AlimtalkNotices notices = notices(gateway, LONG)) {
            for (@Nullable Throwable e = catchThrowableOfType(Unavailable.class, () -> notices.send(notice(3)));
                    e != null;
                    e = e.getCause()) {
                assertThat(e.toString()).doesNotContain("홍길동", "0100000000", "app1", "secret1", "sender1");
            }
        }
    }

    private static List<Result> send(Notice notice, int status, String body) throws Exception {
        try (RawServer gateway = RawServer.answering(http(status, body));
                AlimtalkNotices notices = notices(gateway, LONG)) {
            return notices.send(notice);
        }
    }

    private static AlimtalkNotices notices(RawServer gateway, Duration timeout) throws Exception {
        return new AlimtalkNotices(settings(url(gateway), 1000, timeout), CLOCK);
    }

    private static URI url(RawServer gateway) {
        return URI.create("http://127.0.0.1:" + gateway.port() + "/base/");
    }

    private static GatewaySettings settings(URI url, int requestsPerSecond, Duration timeout) {
        return new GatewaySettings(url, "app1", "secret1", "sender1", requestsPerSecond, timeout);
    }

    private static Notice notice(int recipients) {
        return new Notice(
                CALL,
                "YEARLY",
                null,
                IntStream.range(0, recipients)
                        .mapToObj(n -> new Recipient(UUID.randomUUID(), "0100000%04d".formatted(n), "홍길동"))
                        .toList());
    }

    private static String http(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body;
    }

    private static String refused(int code) {
        return "{\"header\":{\"resultCode\":" + code + ",\"resultMessage\":\"no\",\"isSuccessful\":false}}";
    }

    private static String sent(String requestId, List<String> results) {
        return "{\"header\":" + OK_HEADER + ",\"message\":{\"requestId\":\"" + requestId
                + "\",\"senderGroupingKey\":\"x\",\"sendResults\":[" + String.join(",", results) + "]}}";
    }

    private static String sendResult(Recipient recipient, int code) {
        return "{\"recipientSeq\":1,\"recipientNo\":\"" + recipient.address() + "\",\"resultCode\":" + code
                + ",\"resultMessage\":\"-\",\"recipientGroupingKey\":\"" + recipient.rowId() + "\"}";
    }
}
