package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import mallstream.bootstrap.infrastructure.PlatformTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@PlatformTest
class ParkedOrdersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String mall = "mall-" + UUID.randomUUID().toString().substring(0, 8);
    private Api api;
    private Api management;

    @BeforeEach
    void connect(@LocalServerPort int port, @LocalManagementPort int managementPort) {
        api = new Api(port, PlatformTest.API_KEY);
        management = new Api(managementPort, PlatformTest.OPERATOR_KEY);
    }

    @Test
    void an_unknown_code_is_parked_explained_and_released() {
        String code = "q" + UUID.randomUUID().toString().substring(0, 6);
        handIn(code);
        await("the change is parked").atMost(PATIENCE).until(() -> parked().size() == 1);
        JsonNode waiting = parked().get(0);
        assertThat(waiting.path("reason").asString()).isEqualTo("unknown-code");
        assertThat(waiting.path("channel").asString()).isEqualTo("godomall");
        assertThat(waiting.path("raw").asString()).isEqualTo("sno=1; orderStatus=" + code + "; buyer:text");

        var refused = management.post(
                "/actuator/orders/codes", "{\"channel\":\"godomall\",\"code\":\"p1\",\"means\":\"SHIPPING\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).isEqualTo("code: is known already and cannot be given another meaning");
        var explained = management.post(
                "/actuator/orders/codes",
                "{\"channel\":\"godomall\",\"code\":\"" + code + "\",\"means\":\"SHIPPING\"}");
        assertThat(explained.body())
                .contains("\"code\":\"" + code + "\",\"means\":\"SHIPPING\",\"by\":\"test-operator\"");
        var released = management.post("/actuator/orders/parked/release", "{\"mallId\":\"" + mall + "\"}");

        assertThat(released.body()).isEqualTo("{\"applied\":1,\"ignored\":0,\"parked\":0}");
        JsonNode order = api.get("/api/malls/" + mall + "/orders/1").json();
        assertThat(order.path("status").asString()).isEqualTo("SHIPPING");
        assertThat(order.path("history").path(0).path("change").asString()).isEqualTo("applied");
        assertThat(order.path("history").path(0).path("releasedAt").isNull()).isFalse();
        assertThat(parked()).isEmpty();
    }

    @Test
    void the_lanes_of_a_mall_are_chosen_and_shown() {
        var chosen = management.post("/actuator/orders/lanes/" + mall, "{\"lanes\":\"order\"}");
        assertThat(chosen.body()).contains("{\"mallId\":\"" + mall + "\",\"lanes\":\"order\",\"by\":\"test-operator\"");
        var refused = management.post("/actuator/orders/lanes/" + mall, "{\"lanes\":\"both\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).isEqualTo("lanes: must be one of mall, order");
        assertThat(management.get("/actuator/orders/lanes").body()).contains(mall);
        assertThat(management.get("/actuator/orders/parked?mallid=" + mall).status())
                .isEqualTo(400);
    }

    private void handIn(String code) {
        String order = "{\"orderNo\":1,\"orderGoodsData\":[{\"sno\":1,\"orderStatus\":\"" + code
                + "\",\"buyer\":\"Hong Gildong\"}]}";
        // The topics are made a moment after the start.
        await("the order is taken")
                .atMost(PATIENCE)
                .until(() -> api.post("/api/channels/godomall/malls/" + mall + "/orders", order)
                                .status()
                        == 202);
    }

    private JsonNode parked() {
        return management.get("/actuator/orders/parked?mallId=" + mall).json().path("parked");
    }
}
