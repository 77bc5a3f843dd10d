package mallstream.order.adapter.out.naverpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mallstream.order.application.port.out.OrderFeed.Answer;
import mallstream.order.application.port.out.OrderFeed.ChangedLine;
import mallstream.order.application.port.out.OrderFeed.Denial;
import mallstream.order.application.port.out.OrderFeed.Page;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.PullCursor;
import mallstream.order.model.PullWindow;
import mallstream.order.testing.HandClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import standin.naver.NaverStub;

class NaverFeedTest {
    private static final MallId MALL = new MallId("mall-1");
    private static final String TOKEN = "tok3n-that-nobody-sees-";
    private static final PullWindow WINDOW =
            new PullWindow(Instant.parse("2026-01-02T00:00:00Z"), Instant.parse("2026-01-02T01:00:00.500Z"));
    private static final ChangedLine LINE = new ChangedLine(
            new LineId("11"),
            new OrderNo("O1"),
            Instant.parse("2026-01-02T00:00:00Z"),
            "{\"change\":{\"orderId\":\"O1\"}}".getBytes(UTF_8));

    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final HandClock clock = new HandClock(began);
    private final Answers naver = new Answers();
    private final List<NaverFeed> feeds = new ArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();

    @BeforeEach
    void listen() {
        logged.start();
        root.addAppender(logged);
        root.setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        root.setLevel(before);
        root.detachAppender(logged);
        feeds.forEach(NaverFeed::close);
        naver.close();
    }

    @Test
    void a_token_that_is_not_taken_is_renewed_once_and_the_call_made_again() {
        naver.next(401, "{\"code\":\"GW.AUTHN\"}").next(200, "{\"timestamp\":\"now\"}");
        assertThat(got(feed().changes(MALL, WINDOW)).lines()).isEmpty();
        assertThat(naver.tokensSeen).containsExactly(TOKEN + 1, TOKEN + 2);
        assertThat(naver.forms).hasSize(2);
    }

    @Test
    void a_second_token_that_is_not_taken_either_is_the_end_of_it() {
        naver.next(401, "{\"code\":\"GW.AUTHN\"}").next(401, "{\"code\":\"GW.AUTHN\"}");
        assertThat(denial(feed().changes(MALL, WINDOW)))
                .isInstanceOfSatisfying(
                        Denial.Refused.class,
                        refused -> assertThat(refused.why()).contains("client-id, client-secret and type"));
        assertThat(naver.tokensSeen).hasSize(2);
        assertThat(naver.forms).hasSize(2);
    }

    @Test
    void another_reason_for_401_asks_for_no_new_token() {
        naver.next(401, "{\"code\":\"GW.ELSE\"}");
        assertThat(denial(feed().changes(MALL, WINDOW))).isInstanceOf(Denial.Refused.class);
        assertThat(naver.tokensSeen).hasSize(1);
    }

    @Test
    void the_same_token_given_again_serves_two_instances_and_is_asked_for_no_third_time() {
        try (NaverStub strict = new NaverStub()) {
            NaverFeed one = feed(settings(strict.url(), null));
            NaverFeed two = feed(settings(strict.url(), null));
            assertThat(got(one.changes(MALL, lately())).lines()).isEmpty();
            assertThat(got(two.changes(MALL, lately())).lines()).isEmpty();
            assertThat(got(one.changes(MALL, lately())).lines()).isEmpty();
            assertThat(strict.calls())
                    .containsEntry("token", 2)
                    .containsEntry("changes", 3)
                    .doesNotContainKey("401 GW.AUTHN");
        }
    }

    @Test
    void a_token_is_kept_while_ten_minutes_of_it_are_left_and_renewed_then() {
        naver.expiresIn = 1200;
        NaverFeed feed = feed();
        got(feed.changes(MALL, WINDOW));
        clock.until(began.plusSeconds(590));
        got(feed.changes(MALL, WINDOW));
        assertThat(naver.tokensSeen).containsExactly(TOKEN + 1, TOKEN + 1);
    }

    @Test
    void a_token_is_renewed_before_it_ends() {
        naver.expiresIn = 1200;
        NaverFeed feed = feed();
        got(feed.changes(MALL, WINDOW));
        clock.until(began.plusSeconds(610));
        got(feed.changes(MALL, WINDOW));
        assertThat(naver.tokensSeen).containsExactly(TOKEN + 1, TOKEN + 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, 3600, -310, 310})
    void a_clock_that_is_off_is_told_by_naver_and_the_token_asked_for_again(long seconds) {
        HandClock off = new HandClock(began.plusSeconds(seconds));
        try (NaverStub strict = new NaverStub();
                NaverFeed feed = new NaverFeed(settings(strict.url(), null), off)) {
            assertThat(got(feed.time(MALL))).isCloseTo(Instant.now(), within(20, ChronoUnit.SECONDS));
            assertThat(strict.calls()).containsEntry("token", 2).containsEntry("400 BAD_REQUEST", 1);
        }
    }

    @Test
    void a_page_tells_the_time_of_its_own_answer() {
        NaverFeed feed = feed();
        got(feed.time(MALL));
        clock.until(began.plusSeconds(3600));
        assertThat(got(feed.changes(MALL, WINDOW)).answeredAt())
                .isCloseTo(Instant.now(), within(20, ChronoUnit.SECONDS));
    }

    @Test
    void an_application_asks_for_itself_or_for_the_seller_that_is_named() {
        got(feed().time(MALL));
        got(feed(settings(naver.url(), "seller+1")).time(MALL));
        assertThat(naver.forms).hasSize(2);
        Map<String, String> self = fields(naver.forms.getFirst());
        assertThat(self).containsEntry("type", "SELF").doesNotContainKey("account_id");
        assertThat(self.get("client_secret_sign"))
                .isEqualTo(NaverTokens.sign(
                        NaverStub.CLIENT_ID,
                        NaverStub.CLIENT_SECRET,
                        Instant.ofEpochMilli(Long.parseLong(self.getOrDefault("timestamp", "")))));
        assertThat(fields(naver.forms.getLast()))
                .containsEntry("type", "SELLER")
                .containsEntry("account_id", "seller+1")
                .containsEntry("grant_type", "client_credentials");
    }

    @Test
    void an_address_that_is_not_allowed_is_asked_once_and_told_with_remedy_and_trace() {
        naver.header("GNCP-GW-Trace-ID", "trace-7").next(403, "{\"code\":\"GW.IP_NOT_ALLOWED\"}");
        assertThat(denial(feed().changes(MALL, WINDOW)))
                .isEqualTo(new Denial.Refused(
                        "Naver allows no calls from this address: add the address that this platform calls from to the"
                                + " application in Naver's API centre",
                        "trace-7"));
        assertThat(naver.tokensSeen).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GW.RATE_LIMIT, , , 1",
        "GW.RATE_LIMIT, GNCP-GW-RateLimit-Replenish-Rate, 2, 1",
        "GW.RATE_LIMIT, GNCP-GW-RateLimit-Replenish-Rate, 0.25, 4",
        "GW.RATE_LIMIT, GNCP-GW-RateLimit-Replenish-Rate, 0.001, 600",
        "GW.RATE_LIMIT, GNCP-GW-RateLimit-Replenish-Rate, 0, 1",
        "GW.RATE_LIMIT, GNCP-GW-RateLimit-Replenish-Rate, many, 1",
        "GW.QUOTA_LIMIT, , , 600",
        "GW.QUOTA_LIMIT, GNCP-GW-Quota-Period, 30, 30",
        "GW.QUOTA_LIMIT, GNCP-GW-Quota-Period, 86400, 600",
        "GW.QUOTA_LIMIT, Retry-After, 7, 7",
        "GW.RATE_LIMIT, Retry-After, 7, 7",
        "GW.RATE_LIMIT, Retry-After, 0, 1",
        "GW.RATE_LIMIT, Retry-After, 999999999, 600",
        "GW.RATE_LIMIT, Retry-After, 99999999999999999999, 1",
        "GW.RATE_LIMIT, Retry-After, -5, 1",
        "GW.RATE_LIMIT, Retry-After, soon, 1",
        "GW.RATE_LIMIT, Retry-After, 'Thu, 01 Jan 2026 00:00:00 GMT', 1",
    })
    void too_many_calls_rest_as_long_as_naver_says_within_bounds(
            String code, @Nullable String name, @Nullable String value, long seconds) {
        if (name != null && value != null) {
            naver.header(name, value);
        }
        naver.next(429, "{\"code\":\"" + code + "\"}");
        assertThat(denial(feed().changes(MALL, WINDOW))).isInstanceOfSatisfying(Denial.TooOften.class, tooOften -> {
            assertThat(tooOften.pause()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(tooOften.why()).contains(code.equals("GW.QUOTA_LIMIT") ? "quota" : "faster");
        });
        assertThat(naver.tokensSeen).hasSize(1);
    }

    @Test
    void a_rest_until_a_date_is_measured_by_navers_clock() {
        NaverFeed feed = new NaverFeed(settings(naver.url(), null), new HandClock(began.minusSeconds(7200)));
        feeds.add(feed);
        naver.header(
                        "Retry-After",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                Instant.now().plusSeconds(90).atOffset(ZoneOffset.UTC)))
                .next(429, "{\"code\":\"GW.RATE_LIMIT\"}");
        assertThat(denial(feed.changes(MALL, WINDOW)))
                .isInstanceOfSatisfying(
                        Denial.TooOften.class,
                        tooOften ->
                                assertThat(tooOften.pause()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(95)));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void a_failure_of_naver_is_its_own(int status) {
        naver.next(status, "{\"traceId\":\"trace-9\"}");
        assertThat(denial(feed().changes(MALL, WINDOW)))
                .isEqualTo(new Denial.Away("Naver has a failure of its own (" + status + ")", "trace-9"));
    }

    @Test
    void a_redirect_is_not_followed() {
        naver.header("Location", naver.url() + "/elsewhere").next(302, "");
        assertThat(denial(feed().changes(MALL, WINDOW))).isInstanceOf(Denial.Refused.class);
        assertThat(naver.asked).hasSize(1);
    }

    @Test
    void a_range_that_is_too_long_is_told_apart() {
        naver.next(400, "{\"code\":\"104139\"}");
        assertThat(denial(feed().changes(MALL, WINDOW))).isEqualTo(new Denial.RangeTooLong());
        naver.next(400, "{\"code\":\"홍길동\"}");
        assertThat(denial(feed().changes(MALL, WINDOW)))
                .isInstanceOfSatisfying(
                        Denial.Refused.class,
                        refused -> assertThat(refused.why()).contains("400 without a code"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"timestamp\":\"2026-01-02T09:00:00.000+09:00\"}", "{\"data\":null}"})
    void an_empty_window_comes_without_data(String body) {
        naver.next(200, body);
        Page page = got(feed().changes(MALL, WINDOW));
        assertThat(page.lines()).isEmpty();
        assertThat(page.next()).isNull();
    }

    /** Each would move the watermark over changes that nobody saw. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>back soon</html>",
                "[]",
                "\"\"",
                "{\"data\":",
                "{\"code\":\"GW.ELSE\"}",
                "{\"data\":7}",
                "{\"data\":{}}",
                "{\"data\":{\"lastChangeStatuses\":{}}}",
                "{\"data\":{\"lastChangeStatuses\":[7]}}",
                "{\"data\":{\"lastChangeStatuses\":[{\"orderId\":\"1\",\"productOrderId\":\"1\"}]}}",
                "{\"data\":{\"lastChangeStatuses\":[],\"more\":{\"moreFrom\":\"soon\",\"moreSequence\":\"1\"}}}",
                "{\"data\":{\"lastChangeStatuses\":[],\"more\":{\"moreFrom\":\"2026-01-02T09:00:00.000+09:00\"}}}"
            })
    void what_is_no_page_is_never_taken_for_an_empty_window(String body) {
        naver.next(200, body);
        assertThat(denial(feed().changes(MALL, WINDOW))).isInstanceOfAny(Denial.Away.class, Denial.Refused.class);
    }

    /** Each would park three hundred changes as if Naver did not know them. */
    @ParameterizedTest
    @ValueSource(strings = {"", "<html>back soon</html>", "{\"data\":{}}", "{\"data\":\"\"}", "{\"code\":\"GW.ELSE\"}"})
    void what_is_no_list_of_details_is_never_taken_for_an_empty_one(String body) {
        naver.next(200, body);
        assertThat(denial(feed().details(MALL, List.of(LINE))))
                .isInstanceOfAny(Denial.Away.class, Denial.Refused.class);
    }

    @Test
    void details_come_by_line_and_what_naver_does_not_know_is_left_out() {
        naver.next(200, "{\"data\":[{\"productOrder\":{\"productOrderId\":11,\"x\":1}},{\"productOrder\":{}},7]}");
        ChangedLine unknown = new ChangedLine(new LineId("12"), new OrderNo("O1"), LINE.changedAt(), LINE.body());
        Map<LineId, byte[]> details = got(feed().details(MALL, List.of(LINE, unknown)));
        assertThat(details).containsOnlyKeys(LINE.lineId());
        assertThat(new String(details.getOrDefault(LINE.lineId(), new byte[0]), UTF_8))
                .isEqualTo(
                        "{\"change\":{\"orderId\":\"O1\"},\"detail\":{\"productOrder\":{\"productOrderId\":11,\"x\":1}}}");
        assertThat(naver.bodies)
                .containsExactly("{\"productOrderIds\":[\"11\",\"12\"],\"quantityClaimCompatibility\":true}");
    }

    @Test
    void the_next_page_is_asked_for_by_the_cursor_and_times_are_written_as_naver_wants_them() {
        naver.next(
                        200,
                        "{\"data\":{\"lastChangeStatuses\":[{\"orderId\":\"O1\",\"productOrderId\":\"11\",\"lastChangedDate\":"
                                + "\"2026-01-02T09:00:00.000+09:00\"}],\"more\":{\"moreFrom\":"
                                + "\"2026-01-02T09:00:01.000+09:00\",\"moreSequence\":2022051122443341}}}")
                .next(200, "{}");
        NaverFeed feed = feed();
        Page page = got(feed.changes(MALL, WINDOW));
        assertThat(page.lines()).extracting(ChangedLine::lineId).containsExactly(new LineId("11"));
        PullCursor next = new PullCursor(Instant.parse("2026-01-02T00:00:01Z"), "2022051122443341");
        assertThat(page.next()).isEqualTo(next);
        got(feed.changes(MALL, WINDOW.turnedTo(next).orElseThrow()));
        String path =
                "/external/v1/pay-order/seller/product-orders/last-changed-statuses?lastChangedFrom=2026-01-02T09%3A00%3A0";
        assertThat(naver.asked)
                .containsExactly(
                        path + "0.000%2B09%3A00&lastChangedTo=2026-01-02T10%3A00%3A00.500%2B09%3A00&limitCount=300",
                        path + "1.000%2B09%3A00&lastChangedTo=2026-01-02T10%3A00%3A00.500%2B09%3A00&limitCount=300"
                                + "&moreSequence=2022051122443341");
    }

    @Test
    void an_answer_without_end_is_given_up_at_twenty_million_bytes() {
        naver.next(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] some = " ".repeat(1_000_000).getBytes(UTF_8);
            try {
                for (int n = 0; n < 1_000; n++) {
                    exchange.getResponseBody().write(some);
                }
            } catch (IOException gone) {
                // The reader went, as it should.
                return;
            }
        });
        assertThat(denial(feed().changes(MALL, WINDOW)))
                .isEqualTo(new Denial.Away("Naver answers more than 20000000 bytes", null));
    }

    @Test
    void an_answer_that_does_not_begin_or_does_not_end_is_given_up_in_time() {
        CountDownLatch given = new CountDownLatch(1);
        try (NaverHttp http = new NaverHttp(naver.url(), clock, Duration.ofMillis(300))) {
            naver.next(exchange -> await(given));
            assertThat(Denials.of(http.get("/x", TOKEN), began))
                    .isEqualTo(new Denial.Away("Naver does not answer in time", null));
            naver.next(exchange -> {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                await(given);
            });
            assertThat(Denials.of(http.get("/x", TOKEN), began)).isInstanceOf(Denial.Away.class);
        } finally {
            given.countDown();
        }
    }

    @Test
    void an_answer_that_breaks_off_and_a_naver_that_is_not_there_are_away() {
        naver.next(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("{\"data\":null}".getBytes(UTF_8));
            exchange.getResponseBody().flush();
        });
        NaverFeed feed = feed();
        assertThat(denial(feed.changes(MALL, WINDOW))).isInstanceOf(Denial.Away.class);
        naver.close();
        assertThat(denial(feed.changes(MALL, WINDOW))).isEqualTo(new Denial.Away("Naver is not reached", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\\nbreak", "홍길동"})
    void what_cannot_be_a_token_is_none(String token) {
        naver.token = "{\"access_token\":\"" + token + "\",\"expires_in\":10800}";
        assertThat(denial(feed().changes(MALL, WINDOW)))
                .isEqualTo(new Denial.Away("Naver answers without a token", null));
    }

    @Test
    void secret_signature_and_token_are_in_no_log_no_text_and_no_error() {
        naver.next(200, "{\"data\":{\"lastChangeStatuses\":[]}}")
                .next(401, "{\"code\":\"GW.AUTHN\",\"message\":\"" + TOKEN + "1\"}")
                .next(500, "{\"message\":\"" + TOKEN + "2\"}")
                .next(400, "{\"code\":\"" + TOKEN + "%2\"}");
        NaverSettings settings = settings(naver.url(), "seller-1");
        NaverFeed feed = feed(settings);
        StringBuilder texts = new StringBuilder();
        for (int n = 0; n < 3; n++) {
            texts.append(feed.changes(MALL, WINDOW));
        }
        naver.close();
        texts.append(feed.changes(MALL, WINDOW)).append(feed).append(settings).append(settings.all());
        int atDebug = 0;
        for (ILoggingEvent line : logged.list) {
            texts.append(line.getFormattedMessage());
            if (line.getThrowableProxy() != null) {
                texts.append(ThrowableProxyUtil.asString(line.getThrowableProxy()));
            }
            atDebug += line.getLevel().equals(Level.DEBUG) ? 1 : 0;
        }
        assertThat(atDebug).isPositive();
        assertThat(texts).contains("Away", "Refused");
        assertThat(texts)
                .doesNotContain(TOKEN, NaverStub.CLIENT_SECRET, "abcdefghijklmnopqrstuv", "client_secret_sign");
        naver.forms.forEach(form ->
                assertThat(texts.toString()).doesNotContain(fields(form).getOrDefault("client_secret_sign", "")));
    }

    private NaverFeed feed() {
        return feed(settings(naver.url(), null));
    }

    private NaverFeed feed(NaverSettings settings) {
        NaverFeed feed = new NaverFeed(settings, clock);
        feeds.add(feed);
        return feed;
    }

    private static NaverSettings settings(URI url, @Nullable String seller) {
        return new NaverSettings(
                url,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                List.of(new NaverSettings.Account(
                        MALL.value(),
                        NaverStub.CLIENT_ID,
                        NaverStub.CLIENT_SECRET,
                        seller == null ? NaverSettings.Type.SELF : NaverSettings.Type.SELLER,
                        seller,
                        "2026-01-01T00:00:00Z")));
    }

    private PullWindow lately() {
        return new PullWindow(began.minusSeconds(3600), began.minusSeconds(60));
    }

    private static <T> T got(Answer<T> answer) {
        return ((Answer.Got<T>) answer).value();
    }

    private static <T> Denial denial(Answer<T> answer) {
        return ((Answer.Denied<T>) answer).denial();
    }

    private static Map<String, String> fields(String form) {
        Map<String, String> fields = new HashMap<>();
        for (String field : form.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
        }
        return fields;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Handler {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** A Naver that answers what it is told to, and a new token to whoever asks. */
    private static final class Answers implements AutoCloseable {
        private final Queue<Handler> next = new ConcurrentLinkedQueue<>();
        private final Map<String, String> headers = new ConcurrentHashMap<>();
        private final List<String> forms = new CopyOnWriteArrayList<>();
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final List<String> bodies = new CopyOnWriteArrayList<>();
        private final List<String> tokensSeen = new CopyOnWriteArrayList<>();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpServer server;
        private volatile int expiresIn = 10_800;
        private volatile @Nullable String token;

        Answers() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        URI url() {
            return URI.create("http://localhost:" + server.getAddress().getPort() + "/external");
        }

        /** All answers from now on carry it. */
        Answers header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        Answers next(int status, String body) {
            return next(exchange -> send(exchange, status, body));
        }

        /** Where nothing is left to be told, windows are empty. */
        Answers next(Handler handler) {
            next.add(handler);
            return this;
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                if (exchange.getRequestURI().getPath().endsWith("/token")) {
                    forms.add(body);
                    String given = token;
                    send(
                            exchange,
                            200,
                            given == null
                                    ? "{\"access_token\":\"" + TOKEN + forms.size() + "\",\"expires_in\":" + expiresIn
                                            + "}"
                                    : given);
                    return;
                }
                asked.add(exchange.getRequestURI().toString());
                if (!body.isEmpty()) {
                    bodies.add(body);
                }
                tokensSeen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                        .replaceFirst("^Bearer ", ""));
                headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
                Handler handler = next.poll();
                if (handler == null) {
                    send(exchange, 200, "{}");
                } else {
                    handler.answer(exchange);
                }
            }
        }

        private static void send(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
