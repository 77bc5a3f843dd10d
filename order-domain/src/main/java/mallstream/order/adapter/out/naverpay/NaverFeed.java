package mallstream.order.adapter.out.naverpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import java.net.URLEncoder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mallstream.order.application.port.out.OrderFeed;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.PullCursor;
import mallstream.order.model.PullWindow;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Naver's commerce interface. What it hands on of a line is {@code {"change":…,"detail":…}}, both as Naver wrote them;
 * {@link NaverPayReader} alone reads it.
 */
@Component
class NaverFeed implements OrderFeed, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LINES = "/v1/pay-order/seller/product-orders";

    private final NaverHttp http;
    private final Map<MallId, NaverTokens> tokens;

    NaverFeed(NaverSettings settings, Clock clock) {
        this.http = new NaverHttp(settings.baseUrl(), clock);
        this.tokens = settings.all().stream()
                .collect(toMap(NaverSettings.Account::mall, account -> new NaverTokens(account, http)));
    }

    @Override
    public Answer<Instant> time(MallId mallId) {
        // The first token's answer tells the time.
        return switch (tokens(mallId).token(null)) {
            case Answer.Got<String> got -> new Answer.Got<>(http.now());
            case Answer.Denied<String> denied -> new Answer.Denied<>(denied.denial());
        };
    }

    @Override
    public Answer<Page> changes(MallId mallId, PullWindow window) {
        PullCursor cursor = window.cursor();
        String query = "?lastChangedFrom=" + encoded(NaverTimes.write(cursor == null ? window.from() : cursor.from()))
                + "&lastChangedTo=" + encoded(NaverTimes.write(window.to())) + "&limitCount=300"
                + (cursor == null ? "" : "&moreSequence=" + encoded(cursor.sequence()));
        return call(
                mallId,
                token -> http.get(LINES + "/last-changed-statuses" + query, token),
                json -> page(json, http.now()));
    }

    @Override
    public Answer<Map<LineId, byte[]>> details(MallId mallId, List<ChangedLine> lines) {
        ObjectNode question = JSON.createObjectNode();
        ArrayNode ids = question.putArray("productOrderIds");
        lines.forEach(line -> ids.add(line.lineId().value()));
        question.put("quantityClaimCompatibility", true);
        byte[] body = JSON.writeValueAsBytes(question);
        return call(mallId, token -> http.post(LINES + "/query", token, body), json -> details(json, lines));
    }

    /** A call with a token, and once more with a new one where Naver does not take it. */
    private <T> Answer<T> call(MallId mallId, Function<String, Reply> call, Function<JsonNode, @Nullable T> read) {
        String refused = null;
        while (true) {
            String token;
            switch (tokens(mallId).token(refused)) {
                case Answer.Got<String> got -> token = got.value();
                case Answer.Denied<String> denied -> {
                    return new Answer.Denied<>(denied.denial());
                }
            }
            Reply reply = call.apply(token);
            if (refused == null && reply.status() == 401 && reply.code().equals("GW.AUTHN")) {
                refused = token;
                continue;
            }
            if (!reply.isOk()) {
                return new Answer.Denied<>(Denials.of(reply, http.now()));
            }
            T value = read.apply(reply.json());
            // Passed over it would be lost. What has not even ids is no single slip but another interface.
            return value == null
                    ? new Answer.Denied<>(new Denial.Refused(
                            "Naver answers in a shape that is not known here: ask for a newer version",
                            reply.traceId()))
                    : new Answer.Got<>(value);
        }
    }

    private NaverTokens tokens(MallId mallId) {
        return requireNonNull(tokens.get(mallId), "only accounts of the settings are pulled");
    }

    /** An empty window comes without data. Any other answer without lines is none: the watermark would move past them. */
    private static @Nullable Page page(JsonNode json, Instant answeredAt) {
        JsonNode data = json.path("data");
        if (data.isMissingNode() || data.isNull()) {
            return json.has("code") ? null : new Page(List.of(), null, answeredAt);
        }
        JsonNode items = data.path("lastChangeStatuses");
        if (!items.isArray()) {
            return null;
        }
        List<ChangedLine> lines = new ArrayList<>();
        for (JsonNode item : items) {
            ChangedLine line = line(item);
            if (line == null) {
                return null;
            }
            lines.add(line);
        }
        JsonNode more = data.path("more");
        if (more.isMissingNode() || more.isNull()) {
            return new Page(lines, null, answeredAt);
        }
        Instant from = NaverTimes.read(text(more, "moreFrom"));
        String sequence = text(more, "moreSequence");
        return from == null || sequence == null ? null : new Page(lines, new PullCursor(from, sequence), answeredAt);
    }

    private static @Nullable ChangedLine line(JsonNode item) {
        Instant changedAt = NaverTimes.read(text(item, "lastChangedDate"));
        String lineId = text(item, "productOrderId");
        String orderNo = text(item, "orderId");
        if (changedAt == null || lineId == null || orderNo == null) {
            return null;
        }
        try {
            return new ChangedLine(new LineId(lineId), new OrderNo(orderNo), changedAt, body(item, null));
        } catch (InvalidValue noId) {
            return null;
        }
    }

    private static @Nullable Map<LineId, byte[]> details(JsonNode json, List<ChangedLine> lines) {
        JsonNode data = json.path("data");
        if (json.has("code") || !(data.isArray() || data.isMissingNode() || data.isNull())) {
            return null;
        }
        Map<String, JsonNode> found = new HashMap<>();
        for (JsonNode detail : data) {
            String id = text(detail.path("productOrder"), "productOrderId");
            if (id != null) {
                found.put(id, detail);
            }
        }
        Map<LineId, byte[]> bodies = new HashMap<>();
        for (ChangedLine line : lines) {
            JsonNode detail = found.get(line.lineId().value());
            if (detail != null) {
                bodies.put(line.lineId(), body(JSON.readTree(line.body()).path("change"), detail));
            }
        }
        return bodies;
    }

    private static byte[] body(JsonNode change, @Nullable JsonNode detail) {
        ObjectNode body = JSON.createObjectNode();
        body.set("change", change);
        if (detail != null) {
            body.set("detail", detail);
        }
        return JSON.writeValueAsBytes(body);
    }

    private static @Nullable String text(JsonNode parent, String name) {
        JsonNode value = parent.path(name);
        return value.isString() || value.isIntegralNumber() ? value.asString() : null;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
