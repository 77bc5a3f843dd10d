package mallstream.member.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Map.Entry;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.ports.Some;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesTest {
    /** Field, how it is read, and values that it refuses. */
    private static Stream<Entry<String, Entry<Function<String, ?>, String>>> refused() {
        return Stream.of(
                        values("mallId", MallId::new, "", "-a", "Mall", "mall_1", "a".repeat(41), "mall\n", "몰"),
                        values("memberId", MemberId::parse, "", "7-7-7-7-7", "x".repeat(36), "0".repeat(36)),
                        values("campaignId", CampaignId::parse, "", "7-7-7-7-7", "x".repeat(36)),
                        values("loginId", LoginId::new, "", " ", "a b", "a\u0000", "\ud800", "a".repeat(65)),
                        values("name", PersonName::new, "", " ", "a\nb", "a\u0000", "a".repeat(81)),
                        values("email", EmailAddress::new, "", "a", "a@b", "@b.kr", "a@", "a b@c.kr", "a@b@c.kr"),
                        values("email", EmailAddress::new, "a".repeat(65) + "@b.kr", "a@" + "b".repeat(252) + ".kr"),
                        values("email", EmailAddress::new, "a\u0000@b.kr", "a@b.kr\n"),
                        values("phone", PhoneNumber::new, "", "0101234", "+++++++++", "010-1234-567a", "1".repeat(16)),
                        values("phone", PhoneNumber::new, "٠١٠١٢٣٤٥٦٧٨"),
                        values("channel", NoticeChannel::parse, "", "pigeon"),
                        values("template", ValuesTest::campaignWith, "", "a b", "a".repeat(51), "양식"),
                        values("Idempotency-Key", ValuesTest::keyWith, "", " ", "a b", "키", "a".repeat(256)))
                .flatMap(stream -> stream);
    }

    private static Stream<Entry<String, Entry<Function<String, ?>, String>>> values(
            String field, Function<String, ?> read, String... values) {
        return Stream.of(values).map(value -> Map.entry(field, Map.entry(read, value)));
    }

    private static NoticeCampaign campaignWith(String template) {
        return new NoticeCampaign(
                new CampaignId(Some.uuid()),
                null,
                2026,
                NoticeChannel.ALIMTALK,
                template,
                1,
                Some.NOW,
                NoticeCampaign.State.PREPARING);
    }

    private static RequestKey keyWith(String key) {
        return new RequestKey("shop", "POST", "/", key, new byte[0]);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void a_bad_value_is_refused_by_naming_its_field_and_never_the_value(
            Entry<String, Entry<Function<String, ?>, String>> bad) {
        String value = bad.getValue().getValue();

        assertThatThrownBy(() -> bad.getValue().getKey().apply(value))
                .isInstanceOfSatisfying(
                        InvalidValue.class, e -> assertThat(e.field()).isEqualTo(bad.getKey()))
                .hasNoCause()
                .message()
                .startsWith(bad.getKey() + ": must")
                .satisfies(message -> {
                    if (value.length() > 2) {
                        assertThat(message).doesNotContain(value);
                    }
                });
    }

    @Test
    void good_values_are_kept_as_they_are() {
        assertThat(new MallId("0-mall").value()).isEqualTo("0-mall");
        assertThat(new MallId("a".repeat(40))).hasToString("a".repeat(40));
        assertThat(new LoginId("홍@길_동!").value()).isEqualTo("홍@길_동!");
        assertThat(new PersonName("a".repeat(80)).value()).hasSize(80);
        assertThat(new EmailAddress("h.o+n@mail.example.com").value()).isEqualTo("h.o+n@mail.example.com");
        assertThat(NoticeChannel.parse("alimtalk")).isEqualTo(NoticeChannel.ALIMTALK);
    }

    @Test
    void ids_are_read_in_either_case() {
        var id = UUID.fromString("019b7d3c-5a11-7abc-8def-0123456789ab");

        assertThat(MemberId.parse("019B7D3C-5A11-7ABC-8DEF-0123456789AB").value())
                .isEqualTo(id);
        assertThat(CampaignId.parse(id.toString()).value()).isEqualTo(id);
    }

    @Test
    void a_phone_number_is_kept_as_digits() {
        assertThat(new PhoneNumber("+82 (10) 1234-5678").value()).isEqualTo("821012345678");
    }

    @Test
    void numbers_out_of_range_are_refused() {
        assertThatThrownBy(() -> new Discount.Percent(101, null)).hasMessageStartingWith("percent: ");
        assertThatThrownBy(() -> new Discount.Percent(10, 0L)).hasMessageStartingWith("cap: ");
        assertThatThrownBy(() -> new Discount.Amount(0)).hasMessageStartingWith("amount: ");
        assertThatThrownBy(() -> new Discount.Amount(Discount.MOST + 1)).hasMessageStartingWith("amount: ");
        var percent = new Discount.Percent(10, null);
        assertThatThrownBy(() -> new CouponPolicy("signup", 1, percent, 0, 0)).hasMessageStartingWith("daysValid: ");
        assertThatThrownBy(() -> new CouponPolicy("signup", 1, percent, -1, 30))
                .hasMessageStartingWith("minimumOrder: ");
        assertThatThrownBy(() -> new SignUpBenefits(0, 365, 10, 30))
                .hasMessageStartingWith("mallstream.benefits.signup-points: ");
        assertThatThrownBy(() -> new SignUpBenefits(5000, 3651, 10, 30))
                .hasMessageStartingWith("mallstream.benefits.signup-points-days: ");
        assertThatThrownBy(() -> new WebhookEndpoint.Secret(new byte[23])).hasMessageStartingWith("secret: ");
        assertThatThrownBy(() -> new NoticeCampaign(
                        new CampaignId(Some.uuid()),
                        null,
                        1999,
                        NoticeChannel.ALIMTALK,
                        "T",
                        1,
                        Some.NOW,
                        NoticeCampaign.State.PREPARING))
                .hasMessageStartingWith("year: ");
    }

    @Test
    void a_secret_is_shown_as_standard_webhooks_want_it() {
        assertThat(WebhookEndpoint.Secret.from(Some.RANDOM).shown()).matches("whsec_[A-Za-z0-9+/]{43}=");
    }
}
