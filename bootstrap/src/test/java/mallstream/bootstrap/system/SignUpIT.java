package mallstream.bootstrap.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mallstream.bootstrap.infrastructure.PlatformTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@PlatformTest
class SignUpIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String mall = "mall-" + UUID.randomUUID().toString().substring(0, 8);
    private Api api;

    @BeforeEach
    void connect(@LocalServerPort int port, @LocalManagementPort int managementPort) {
        api = new Api(port, PlatformTest.API_KEY);
        // The webhook reaction starts with what comes after its first start.
        var management = new Api(managementPort, PlatformTest.OPERATOR_KEY);
        await("consumers")
                .atMost(PATIENCE)
                .until(() -> management
                        .get("/actuator/health/consumers")
                        .text("status")
                        .equals("UP"));
    }

    @Test
    void a_new_member_gets_coupon_and_points_and_the_mall_is_told_by_a_signed_webhook() throws Exception {
        try (var receiver = new Receiver(call -> "")) {
            var endpoint =
                    api.post("/api/malls/" + mall + "/webhook-endpoints", "{\"url\":\"" + receiver.url() + "/hook\"}");
            assertThat(endpoint.status()).as(endpoint.body()).isEqualTo(201);

            String memberId = api.signUp(mall).text("memberId");

            await("benefits and webhook").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(hasBenefits(memberId)).isTrue();
                assertThat(receiver.calls).hasSize(1);
            });
            Receiver.Call call = receiver.calls.getFirst();
            assertThat(call.headers().get("webhook-signature")).isEqualTo(signature(endpoint.text("secret"), call));
            JsonNode payload = Api.JSON.readTree(call.body());
            assertThat(payload.path("type").asString()).isEqualTo("member.signed-up");
            assertThat(payload.path("data").path("memberId").asString()).isEqualTo(memberId);
            String path = "/api/malls/" + mall + "/webhook-endpoints/" + endpoint.text("endpointId") + "/deliveries";
            await("the attempt is recorded")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(api.get(path)
                                    .json()
                                    .path("deliveries")
                                    .path(0)
                                    .path("state")
                                    .asString())
                            .isEqualTo("delivered"));
        }
    }

    @Test
    void after_a_rotation_a_test_event_is_signed_with_both_secrets_and_sent_again_with_its_id() throws Exception {
        try (var receiver = new Receiver(call -> "")) {
            String endpoints = "/api/malls/" + mall + "/webhook-endpoints";
            var registered = api.post(endpoints, "{\"url\":\"" + receiver.url() + "/hook\"}");
            String endpoint = endpoints + "/" + registered.text("endpointId");
            var rotated = api.post(endpoint + "/rotate-secret", "");
            assertThat(rotated.status()).as(rotated.body()).isEqualTo(200);

            var test = api.post(endpoint + "/test", "");
            await("the test event").atMost(PATIENCE).until(() -> receiver.calls.size() == 1);

            Receiver.Call call = receiver.calls.getFirst();
            assertThat(call.headers().get("webhook-id")).isEqualTo(test.text("deliveryId"));
            assertThat(call.headers().get("webhook-signature"))
                    .isEqualTo(
                            signature(rotated.text("secret"), call) + " " + signature(registered.text("secret"), call));
            assertThat(Api.JSON.readTree(call.body()).path("type").asString()).isEqualTo("webhook.test");

            await("the attempt is recorded")
                    .atMost(PATIENCE)
                    .until(() -> api.get(endpoint + "/deliveries").body().contains("\"delivered\""));
            var again = api.post(endpoint + "/deliveries/" + test.text("deliveryId") + "/redeliver", "");
            assertThat(again.status()).as(again.body()).isEqualTo(202);
            await("the same once more").atMost(PATIENCE).until(() -> receiver.calls.size() == 2);
            assertThat(receiver.calls.get(1).headers().get("webhook-id")).isEqualTo(test.text("deliveryId"));
            assertThat(receiver.calls.get(1).body()).isEqualTo(call.body());
        }
    }

    @Test
    void the_same_idempotency_key_makes_one_member_and_one_of_everything() {
        String key = UUID.randomUUID().toString();
        String path = "/api/malls/" + mall + "/members";

        var first = api.post(path, Api.person("hong"), key);
        var second = api.post(path, Api.person("hong"), key);
        var other = api.post(path, Api.person("kim"), key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(second).isEqualTo(first);
        assertThat(other.status()).isEqualTo(422);
        awaitBenefits(first.text("memberId"));
    }

    @Test
    void a_login_id_is_taken_once_per_mall() {
        assertThat(api.signUp(mall, "hong").status()).isEqualTo(201);
        assertThat(api.signUp(mall, "hong").status()).isEqualTo(409);
        assertThat(api.signUp(mall + "-2", "hong").status()).isEqualTo(201);
    }

    @Test
    void contact_data_is_shown_masked_only() {
        var member = api.get(
                "/api/malls/" + mall + "/members/" + api.signUp(mall, "hong").text("memberId"));

        assertThat(member.text("phone")).isEqualTo("010-****-5678");
        assertThat(member.body()).doesNotContain("hong@example.com", "Gildong", "1234");
    }

    private void awaitBenefits(String memberId) {
        await("benefits of " + memberId).atMost(PATIENCE).until(() -> hasBenefits(memberId));
    }

    /** Looks for coupon and points of a sign-up only: a reaction that a team adds may grant more of both. */
    private boolean hasBenefits(String memberId) {
        JsonNode member = api.get("/api/malls/" + mall + "/members/" + memberId).json();
        JsonNode lots = member.path("points").path("lots");
        return those(member.path("coupons"), "policy", "signup").size() == 1
                && those(lots, "source", "SIGNUP").stream()
                        .map(lot -> lot.path("granted").asInt())
                        .toList()
                        .equals(List.of(5000));
    }

    private static List<JsonNode> those(JsonNode all, String field, String value) {
        return StreamSupport.stream(all.spliterator(), false)
                .filter(each -> each.path(field).asString().equals(value))
                .toList();
    }

    /** Standard Webhooks 1.0.0, written again here so that the test does not believe the code it tests. */
    private static String signature(String secret, Receiver.Call call) throws GeneralSecurityException {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        String signed = String.join(
                ".", List.of(call.headers().get("webhook-id"), call.headers().get("webhook-timestamp"), call.body()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }
}
