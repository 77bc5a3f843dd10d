package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import mallstream.bootstrap.infrastructure.PlatformTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@PlatformTest
class BenefitsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String mall = "mall-" + UUID.randomUUID().toString().substring(0, 8);
    private Api api;

    @BeforeEach
    void connect(@LocalServerPort int port) {
        api = new Api(port, PlatformTest.API_KEY);
    }

    @Test
    void a_member_gets_the_coupon_of_its_mall_uses_points_gets_them_back_and_leaves() {
        String policies = "/api/malls/" + mall + "/coupon-policies";
        var set = api.post(
                policies + "/signup/versions", "{\"amount\":3000,\"minimumOrder\":10000,\"daysValid\":7}", "k-1");
        assertThat(set.status()).as(set.body()).isEqualTo(201);

        String member =
                "/api/malls/" + mall + "/members/" + api.signUp(mall, "hong").text("memberId");
        await("benefits").atMost(PATIENCE).untilAsserted(() -> {
            JsonNode shown = api.get(member).json();
            assertThat(shown.path("coupons").findValuesAsString("policy")).contains("signup");
            assertThat(shown.path("points").path("balance").asLong()).isGreaterThanOrEqualTo(5000);
        });
        JsonNode coupon = api.get(member).json().path("coupons").path(0);
        assertThat(coupon.path("version").asInt()).isEqualTo(2);
        assertThat(coupon.path("amount").asLong()).isEqualTo(3000);

        long before = balance(member);
        var use = api.post(member + "/points/uses", "{\"points\":1200}", "k-1");
        assertThat(use.status()).as(use.body()).isEqualTo(201);
        assertThat(api.post(member + "/points/uses", "{\"points\":1200}", "k-1"))
                .as("again")
                .isEqualTo(use);
        assertThat(api.post(member + "/points/uses", "{\"points\":1}", "k-1").status())
                .isEqualTo(422);
        assertThat(balance(member)).isEqualTo(before - 1200);
        String restorations = member + "/points/uses/" + use.text("useId") + "/restorations";
        assertThat(api.post(restorations, "{\"points\":200}", "k-1").status()).isEqualTo(201);
        assertThat(api.post(restorations, "{\"points\":1001}", "k-2").status()).isEqualTo(409);
        assertThat(balance(member)).isEqualTo(before - 1000);
        assertThat(api.get(member + "/points/ledger").json().path("entries").findValuesAsString("kind"))
                .startsWith("restore", "use")
                .contains("grant");

        assertThat(api.delete(member).status()).isEqualTo(204);

        assertThat(api.get(member).status()).isEqualTo(410);
        assertThat(api.get(member).body()).doesNotContain("hong", "5678");
        assertThat(api.post(member + "/points/uses", "{\"points\":1}").status()).isEqualTo(410);
        assertThat(api.signUp(mall, "hong").status()).as("the login id is free").isEqualTo(201);
    }

    private long balance(String member) {
        return api.get(member + "/points").json().path("balance").asLong();
    }
}
