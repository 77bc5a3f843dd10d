package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import mallstream.bootstrap.infrastructure.PlatformTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import standin.gateway.GatewayStub;
import tools.jackson.databind.JsonNode;

/** The platform with a gateway that has had enough. */
@PlatformTest
@DirtiesContext
class NoticePauseIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final GatewayStub GATEWAY = new GatewayStub(0, Clock.systemUTC());

    private final String mall = "mall-" + UUID.randomUUID().toString().substring(0, 8);

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @DynamicPropertySource
    static void gateway(DynamicPropertyRegistry settings) {
        settings.add("mallstream.notice.gateway.base-url", GATEWAY::url);
        settings.add("mallstream.notice.gateway.app-key", () -> GatewayStub.APP_KEY);
        settings.add("mallstream.notice.gateway.secret-key", () -> GatewayStub.SECRET_KEY);
        settings.add("mallstream.notice.gateway.sender-key", () -> GatewayStub.SENDER_KEY);
    }

    @AfterAll
    static void close() {
        GATEWAY.close();
    }

    @Test
    void a_gateway_that_asks_for_a_pause_holds_notices_and_nothing_else() {
        var api = new Api(port, PlatformTest.API_KEY);
        var management = new Api(managementPort, PlatformTest.OPERATOR_KEY);
        assertThat(api.signUp(mall).status()).isEqualTo(201);
        GATEWAY.setLimit(0);
        GATEWAY.setRetryAfter((int) PAUSE.toSeconds());
        long begun = System.nanoTime();

        var started = api.post(
                "/api/notice-campaigns",
                "{\"mallId\":\"%s\",\"year\":2026,\"channel\":\"alimtalk\",\"template\":\"YEARLY\"}".formatted(mall));
        assertThat(started.status()).as(started.body()).isEqualTo(201);
        String campaign = "/api/notice-campaigns/" + started.text("campaignId");
        await("the notices wait").atMost(PATIENCE).untilAsserted(() -> {
            JsonNode notice = management.get("/actuator/consumers/notice").json();
            assertThat(notice.path("state").asString()).isEqualTo("waiting");
            assertThat(notice.path("reason").asString()).startsWith("message gateway");
        });
        String late = "/api/malls/" + mall + "/members/" + api.signUp(mall).text("memberId");
        await("the coupon")
                .atMost(PATIENCE)
                .until(() -> !api.get(late).json().path("coupons").isEmpty());

        assertThat(GATEWAY.calls()).isPositive();
        assertThat(GATEWAY.sends().sent()).isZero();
        assertThat(api.get(campaign).json().path("accepted").asInt()).isZero();
        for (String other : new String[] {"coupon", "points", "webhook"}) {
            assertThat(management.get("/actuator/consumers/" + other).text("state"))
                    .as(other)
                    .isNotEqualTo("waiting");
        }

        GATEWAY.setLimit(300);
        await("the notice")
                .atMost(PATIENCE)
                .until(() -> api.get(campaign).json().path("accepted").asInt() == 1);
        var elapsed = Duration.ofNanos(System.nanoTime() - begun);
        // The subscription tries again after 1, 2, 4, 8 s; before the pause is over that must not get to the gateway.
        assertThat(elapsed).isGreaterThan(PAUSE);
        assertThat(GATEWAY.calls() - 1L).as("refused").isLessThanOrEqualTo(1 + elapsed.dividedBy(PAUSE));
        await("the end")
                .atMost(PATIENCE)
                .until(() -> api.get(campaign).text("state").equals("done"));
        assertThat(GATEWAY.sends().sent()).isEqualTo(1);
    }
}
