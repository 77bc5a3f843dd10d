package standin.naver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.security.crypto.bcrypt.BCrypt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Naver's commerce interface on this machine, as strict as its documentation: signatures, tokens, forms of time and bounds
 * are checked, and it fails when told to.
 */
public final class NaverStub implements AutoCloseable {
    /** The one application that it knows. */
    public static final String CLIENT_ID = "aaaabbbbcccc";

    /** That application's secret. */
    public static final String CLIENT_SECRET = "$2a$04$abcdefghijklmnopqrstuv";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.of("Asia/Seoul"));
    private static final String TIME_FORM = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d\\d:\\d\\d";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** The real one: the server of the JDK writes it into the Date header whatever is set there. */
    private final Clock clock = Clock.systemUTC();

    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, Instant> tokens = new LinkedHashMap<>();
    private final Deque<Failure> failures = new ArrayDeque<>();
    private final Map<String, Integer> calls = new TreeMap<>();
    private final Set<String> withoutDetails = new HashSet<>();
    private int lastPageOfTokens;
    private Duration longestRange = Duration.ofHours(24);

    /**
     * A line as it stands.
     *
     * @param id productOrderId
     * @param orderId its order
     * @param changedAt lastChangedDate
     * @param status productOrderStatus
     * @param placeOrderStatus NOT_YET, OK or CANCEL
     */
    public record Line(String id, String orderId, Instant changedAt, String status, String placeOrderStatus) {}

    /**
     * An answer that the next call of lines or details gets.
     *
     * @param status HTTP status
     * @param code Naver's code
     * @param headers more headers
     */
    public record Failure(int status, String code, Map<String, String> headers) {}

    /** Starts it on a free port of the loopback device. */
    public NaverStub() {
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Its base URL. */
    public URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/external");
    }

    /** Changes a line, or adds it. */
    public synchronized void put(Line line) {
        lines.put(line.id(), line);
    }

    /** The next call of lines or details fails so. */
    public synchronized void fail(Failure failure) {
        failures.add(failure);
    }

    /** All tokens that were given out end with that page of changes, from 1. */
    public synchronized void endTokensAtPage(int page) {
        lastPageOfTokens = page;
    }

    /** Keeps the details of a line to itself, or no more. */
    public synchronized void hide(String id, boolean hidden) {
        if (hidden) {
            withoutDetails.add(id);
        } else {
            withoutDetails.remove(id);
        }
    }

    /** From now on windows longer than this are refused. */
    public synchronized void refuseLongerThan(Duration longest) {
        longestRange = longest;
    }

    /** Calls by kind: {@code token}, {@code changes}, {@code details}, and statuses of failures. */
    public synchronized Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/external/v1/oauth2/token")) {
                count("token");
                token(exchange, fields(new String(body, UTF_8)));
                return;
            }
            String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .replaceFirst("^Bearer ", "");
            Instant until = tokens.get(token);
            if (until == null || !until.isAfter(clock.instant())) {
                error(exchange, 401, "GW.AUTHN", Map.of());
                return;
            }
            Failure failure = failures.poll();
            if (failure != null) {
                error(exchange, failure.status(), failure.code(), failure.headers());
            } else if (path.endsWith("/product-orders/last-changed-statuses")) {
                count("changes");
                if (calls.getOrDefault("changes", 0) == lastPageOfTokens) {
                    tokens.clear();
                }
                changes(exchange, fields(exchange.getRequestURI().getRawQuery()));
            } else if (path.endsWith("/product-orders/query")) {
                count("details");
                details(exchange, JSON.readTree(body));
            } else {
                error(exchange, 404, "GW.NOT_FOUND", Map.of());
            }
        }
    }

    private void token(HttpExchange exchange, Map<String, String> form) throws IOException {
        Instant now = clock.instant();
        long signedAt = Long.parseLong(form.getOrDefault("timestamp", "0"));
        String expected = Base64.getEncoder()
                .encodeToString(
                        BCrypt.hashpw(CLIENT_ID + "_" + signedAt, CLIENT_SECRET).getBytes(UTF_8));
        boolean fresh =
                Math.abs(now.toEpochMilli() - signedAt) <= Duration.ofMinutes(5).toMillis();
        if (!fresh
                || !CLIENT_ID.equals(form.get("client_id"))
                || !"client_credentials".equals(form.get("grant_type"))
                || !"SELF".equals(form.get("type"))
                || !expected.equals(form.get("client_secret_sign"))) {
            error(exchange, 400, "BAD_REQUEST", Map.of());
            return;
        }
        String token = tokens.entrySet().stream()
                .filter(each -> !each.getValue().isBefore(now.plus(Duration.ofMinutes(30))))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> {
                    String made = "token-" + calls.get("token") + "-secret";
                    tokens.put(made, now.plusSeconds(10_800));
                    return made;
                });
        ObjectNode answer = JSON.createObjectNode();
        answer.put("access_token", token);
        answer.put("expires_in", Duration.between(now, tokens.get(token)).toSeconds());
        answer.put("token_type", "Bearer");
        send(exchange, 200, answer);
    }

    private void changes(HttpExchange exchange, Map<String, String> query) throws IOException {
        String fromText = query.getOrDefault("lastChangedFrom", "");
        String toText = query.getOrDefault("lastChangedTo", "");
        int limit = Integer.parseInt(query.getOrDefault("limitCount", "300"));
        if (!fromText.matches(TIME_FORM) || !toText.matches(TIME_FORM) || limit > 300) {
            error(exchange, 400, "104105", Map.of());
            return;
        }
        Instant from = OffsetDateTime.parse(fromText).toInstant();
        Instant to = OffsetDateTime.parse(toText).toInstant();
        if (Duration.between(from, to).compareTo(longestRange) > 0) {
            error(exchange, 400, "104139", Map.of());
            return;
        }
        String after = query.get("moreSequence");
        List<Line> found = lines.values().stream()
                .filter(line ->
                        !line.changedAt().isBefore(from) && !line.changedAt().isAfter(to))
                .filter(line -> after == null
                        || line.changedAt().isAfter(from)
                        || line.id().compareTo(after) >= 0)
                .sorted(Comparator.comparing(Line::changedAt).thenComparing(Line::id))
                .toList();
        ObjectNode answer = JSON.createObjectNode();
        answer.put("timestamp", TIME.format(clock.instant()));
        if (!found.isEmpty()) {
            ObjectNode data = answer.putObject("data");
            ArrayNode items = data.putArray("lastChangeStatuses");
            found.stream().limit(limit).forEach(line -> items.add(item(line)));
            if (found.size() > limit) {
                Line next = found.get(limit);
                ObjectNode more = data.putObject("more");
                more.put("moreFrom", TIME.format(next.changedAt()));
                more.put("moreSequence", next.id());
            }
            data.put("count", items.size());
        }
        send(exchange, 200, answer);
    }

    private static ObjectNode item(Line line) {
        ObjectNode item = JSON.createObjectNode();
        item.put("orderId", line.orderId());
        item.put("productOrderId", line.id());
        item.put("lastChangedType", "PAYED");
        item.put("lastChangedDate", TIME.format(line.changedAt()));
        item.put("productOrderStatus", line.status());
        item.put("receiverAddressChanged", false);
        return item;
    }

    private void details(HttpExchange exchange, JsonNode question) throws IOException {
        if (question.path("productOrderIds").size() > 300) {
            error(exchange, 400, "104105", Map.of());
            return;
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode data = answer.putArray("data");
        for (JsonNode id : question.path("productOrderIds")) {
            Line line = lines.get(id.asString());
            if (line == null || withoutDetails.contains(line.id())) {
                continue;
            }
            ObjectNode detail = data.addObject();
            detail.putObject("order")
                    .put("orderId", line.orderId())
                    .put("orderDate", "2026-01-02T12:04:05.000+09:00")
                    .put("ordererName", "홍길동")
                    .put("ordererTel", "010-0000-0000");
            detail.putObject("productOrder")
                    .put("productOrderId", line.id())
                    .put("productOrderStatus", line.status())
                    .put("placeOrderStatus", line.placeOrderStatus())
                    .put("productId", "7001")
                    .put("quantity", 2)
                    .put("unitPrice", 1000)
                    .put("totalPaymentAmount", 2000)
                    .putObject("shippingAddress")
                    .put("name", "홍길동")
                    .put("entryMethodContent", "#1234");
        }
        send(exchange, 200, answer);
    }

    private void error(HttpExchange exchange, int status, String code, Map<String, String> headers) throws IOException {
        count(status + " " + code);
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("GNCP-GW-Trace-ID", "trace-1");
        send(exchange, status, JSON.createObjectNode().put("code", code).put("message", "on purpose"));
    }

    private void count(String kind) {
        calls.merge(kind, 1, Integer::sum);
    }

    private void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> fields(String encoded) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : encoded.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts.length == 1 ? "" : parts[1], UTF_8));
        }
        return fields;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
