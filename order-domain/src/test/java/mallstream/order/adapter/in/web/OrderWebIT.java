package mallstream.order.adapter.in.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;
import mallstream.order.testing.OrderModule;
import mallstream.order.testing.RecordedOrders;
import mallstream.order.testing.Samples;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@SpringBootTest(
        classes = OrderModule.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.flyway.enabled=false",
            "spring.main.banner-mode=off",
            "spring.mvc.problemdetails.enabled=true"
        })
class OrderWebIT {
    private static final String HAND_IN = "/api/channels/godomall/malls/mall-1/orders";

    private final HttpClient client = HttpClient.newHttpClient();
    private final RecordedOrders stream;
    private final ApplyChannelOrders apply;
    private final JdbcClient jdbc;
    private final int port;

    @Autowired
    OrderWebIT(RecordedOrders stream, ApplyChannelOrders apply, JdbcClient jdbc, @LocalServerPort int port) {
        this.stream = stream;
        this.apply = apply;
        this.jdbc = jdbc;
        this.port = port;
    }

    @BeforeEach
    void empty() {
        jdbc.sql("truncate orders.sales_order, orders.line, orders.history, orders.hand_in_key")
                .update();
        stream.all().clear();
        stream.breakDown(false);
    }

    @Test
    void an_order_is_accepted_once_it_is_published_byte_for_byte() {
        assertThat(post(HAND_IN, Samples.text("godomall-order-created.json")).statusCode())
                .isEqualTo(202);
        assertThat(post("/api/channels/shopby/malls/mall-2/orders", Samples.text("shopby-order-created.json"))
                        .statusCode())
                .isEqualTo(202);
        assertThat(stream.all())
                .extracting(RecordedOrders.Published::channel, RecordedOrders.Published::mallId)
                .containsExactly(
                        tuple(Channel.GODOMALL, new MallId("mall-1")), tuple(Channel.SHOPBY, new MallId("mall-2")));
        assertThat(stream.all().getFirst().body()).isEqualTo(Samples.bytes("godomall-order-created.json"));
    }

    @Test
    void a_broker_that_does_not_confirm_is_503() {
        stream.breakDown(true);
        assertProblem(post(HAND_IN, "{}"), 503, "broker is unavailable. Try again later.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"naverpay", "GODOMALL", "other"})
    void an_unknown_channel_is_404(String channel) {
        assertProblem(
                post("/api/channels/" + channel + "/malls/mall-1/orders", "{}"),
                404,
                "The channels are godomall and shopby.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "null", "{", "{} {}", "홍길동"})
    void a_body_that_is_no_json_object_is_400_and_not_repeated(String body) {
        HttpResponse<String> answer = post(HAND_IN, body);
        assertProblem(answer, 400, "body: must be a JSON object");
        assertThat(json(answer).get("field").stringValue()).isEqualTo("body");
    }

    @Test
    void no_body_is_400_and_another_media_type_415() {
        assertThat(post(HAND_IN, "").statusCode()).isEqualTo(400);
        assertThat(send(request(HAND_IN).header("Content-Type", "text/plain").POST(BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void a_mall_of_another_form_is_400_and_names_the_field() {
        HttpResponse<String> answer = post("/api/channels/godomall/malls/Mall_1/orders", "{}");
        assertProblem(answer, 400, "mallId: must match [a-z0-9][a-z0-9-]{0,39}");
        assertThat(json(answer).get("field").stringValue()).isEqualTo("mallId");
    }

    @Test
    void a_body_over_a_megabyte_is_413_with_and_without_an_announced_length() {
        String fits = "{\"a\":\"" + "x".repeat(999_992) + "\"}";
        assertThat(post(HAND_IN, fits).statusCode()).isEqualTo(202);
        byte[] tooLong = (fits + " ").getBytes(UTF_8);
        String detail = "An order has at most 1000000 bytes.";
        assertProblem(post(HAND_IN, BodyPublishers.ofByteArray(tooLong)), 413, detail);
        assertProblem(
                post(HAND_IN, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLong))), 413, detail);
    }

    @Test
    void the_same_idempotency_key_publishes_once_and_another_body_is_422() {
        assertThat(postWithKey(HAND_IN, "{}", "key-1").statusCode()).isEqualTo(202);
        assertThat(postWithKey(HAND_IN, "{}", "key-1").statusCode()).isEqualTo(202);
        assertProblem(
                postWithKey(HAND_IN, "{\"a\":1}", "key-1"), 422, "This Idempotency-Key was used with another body.");
        assertThat(stream.all()).hasSize(1);
        assertThat(postWithKey("/api/channels/shopby/malls/mall-1/orders", "{}", "key-1")
                        .statusCode())
                .isEqualTo(202);
        assertThat(stream.all()).hasSize(2);
        assertProblem(
                postWithKey(HAND_IN, "{}", "a b"), 400, "Idempotency-Key: must be 1 to 255 visible ASCII characters");
    }

    @Test
    void an_order_shows_its_lines_and_history() {
        apply(Channel.GODOMALL, Samples.text("godomall-order-created.json"), 0);
        apply(Channel.GODOMALL, """
                {"orderNo":"2601021504000001","orderGoodsData":[{"sno":"810001","orderStatus":"c4"},
                 {"sno":"810002","orderStatus":"x9","orderName":"홍길동"}]}""", 1);
        JsonNode order = json(get("/api/malls/mall-1/orders/2601021504000001"));
        ((ObjectNode) order.get("history").get(0)).put("receivedAt", "then");
        assertThat(order.propertyNames())
                .containsExactly("mallId", "orderNo", "channel", "status", "orderedAt", "total", "lines", "history");
        assertThat(order.get("lines")).isEqualTo(JsonMapper.shared().readTree("""
                [{"lineId":"810001","status":"CREATED","claim":"CANCEL_REQUESTED","productNo":"1000123","quantity":1,
                  "unitPrice":39000,"amount":null,"changedAt":"2026-01-02T03:04:06Z"},
                 {"lineId":"810002","status":"CREATED","claim":null,"productNo":"1000124","quantity":2,
                  "unitPrice":9500,"amount":null,"changedAt":"2026-01-02T03:04:05Z"}]"""));
        assertThat(order.get("orderedAt").stringValue()).isEqualTo("2026-01-02T06:04:00Z");
        assertThat(order.get("total").longValue()).isEqualTo(61_000);
        assertThat(order.get("history").get(0)).isEqualTo(JsonMapper.shared().readTree("""
                {"change":"applied","reason":null,"lineId":"810001","from":null,"to":"CREATED","raw":"o1",
                 "source":"order.godomall.changed/3/0","sourceTime":"2026-01-02T03:04:05Z","receivedAt":"then",
                 "releasedAt":null}"""));
        JsonNode parked = order.get("history").get(3);
        assertThat(parked.get("change").stringValue()).isEqualTo("parked");
        assertThat(parked.get("reason").stringValue()).isEqualTo("unknown-code");
        assertThat(parked.get("raw").stringValue()).isEqualTo("sno=810002; orderStatus=x9; orderName:text");
        assertThat(order.get("status").stringValue()).isEqualTo("CREATED");
        assertThat(order.get("channel").stringValue()).isEqualTo("godomall");
    }

    @Test
    void nothing_personal_of_a_vendors_order_is_stored() {
        apply(Channel.GODOMALL, Samples.text("godomall-order-created.json"), 0);
        apply(Channel.SHOPBY, Samples.text("shopby-order-created.json"), 1);
        apply(Channel.GODOMALL, Samples.text("godomall-order-created.json").replace("o1", "x9"), 2);
        apply(Channel.SHOPBY, Samples.text("shopby-order-created.json").replace("DEPOSIT_WAIT", "X"), 3);
        apply(Channel.GODOMALL, Samples.text("godomall-order-created.json").replace("orderGoodsData", "lines"), 4);
        apply(Channel.SHOPBY, Samples.text("shopby-order-created.json").replace("deliveryGroups", "groups"), 5);
        List<?> rows = jdbc.sql("select to_jsonb(h)::text from orders.history h")
                .query(String.class)
                .list();
        assertThat(rows).hasSize(10);
        assertThat(rows.toString())
                .doesNotContain("홍", "010-0000", "gildong", "example.com", "세종대로", "1층", "04524", "파랑");
    }

    @Test
    void an_order_that_two_channels_have_is_409_without_a_channel() {
        apply(Channel.GODOMALL, "{\"orderNo\":1,\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"p1\"}]}", 0);
        apply(Channel.SHOPBY, "{\"orderNo\":1}", 1);
        HttpResponse<String> answer = get("/api/malls/mall-1/orders/1");
        assertProblem(answer, 409, "Several channels of this mall have that order number: say which by ?channel=.");
        assertThat(json(answer).get("channels").toString()).isEqualTo("[\"godomall\",\"shopby\"]");
        assertThat(json(get("/api/malls/mall-1/orders/1?channel=shopby"))
                        .get("status")
                        .isNull())
                .isTrue();
        assertThat(get("/api/malls/mall-1/orders/1?channel=naverpay").statusCode())
                .isEqualTo(404);
        assertProblem(
                get("/api/malls/mall-1/orders/1?channel=x"), 400, "channel: must be godomall, shopby or naverpay");
    }

    @Test
    void an_order_that_is_not_there_is_404() {
        assertProblem(get("/api/malls/mall-1/orders/1"), 404, "This mall has no such order.");
        assertProblem(get("/api/malls/mall-1/orders/a%20b"), 400, "orderNo: must match [A-Za-z0-9_-]{1,64}");
    }

    private void apply(Channel channel, String body, long offset) {
        apply.apply(List.of(new ChannelOrder(
                channel,
                new MallId("mall-1"),
                body.getBytes(UTF_8),
                Instant.parse("2026-01-02T03:04:05Z").plusSeconds(offset),
                new Source("order.godomall.changed", 3, offset))));
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(answer).get("status").intValue()).isEqualTo(status);
        assertThat(json(answer).get("detail").stringValue()).isEqualTo(detail);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    private HttpResponse<String> post(String path, String body) {
        return post(path, BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String path, BodyPublisher body) {
        return send(request(path).header("Content-Type", "application/json").POST(body));
    }

    private HttpResponse<String> postWithKey(String path, String body, String key) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
