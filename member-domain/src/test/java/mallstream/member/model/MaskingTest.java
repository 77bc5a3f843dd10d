package mallstream.member.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import mallstream.member.application.port.in.SignUpMember.SignUp;
import mallstream.member.application.port.out.NoticeCalls.Claimed;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.ports.Some;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {
    @ParameterizedTest
    @CsvSource({"홍길동, 홍*동", "홍길, 홍*", "홍, 홍*", "남궁길동, 남**동", "Jane Doe, J******e", "😀길😎, 😀*😎"})
    void a_name_shows_its_first_and_last_letter(String name, String masked) {
        assertThat(new PersonName(name).masked()).isEqualTo(masked);
        assertThat(new PersonName(name)).hasToString(masked);
    }

    @ParameterizedTest
    @CsvSource({
        "010-1234-5678, 010-****-5678",
        "+82 10 1234 5678, 821-****-5678",
        "(02) 345-6789, ***-****-6789",
    })
    void a_phone_number_shows_its_last_four_digits_and_the_prefix_of_a_long_one(String phone, String masked) {
        assertThat(new PhoneNumber(phone).masked()).isEqualTo(masked);
        assertThat(new PhoneNumber(phone)).hasToString(masked);
    }

    @ParameterizedTest
    @CsvSource({
        "hong@example.com, ho****@example.com",
        "ho@example.com, h****@example.com",
        "h@example.com, ****@example.com",
        "a😀b@example.com, a😀****@example.com"
    })
    void a_mail_address_shows_two_letters_but_never_all_and_the_domain(String email, String masked) {
        assertThat(new EmailAddress(email).masked()).isEqualTo(masked);
        assertThat(new EmailAddress(email)).hasToString(masked);
    }

    @Test
    void a_masked_mail_address_is_whole_text_that_can_be_written_as_utf_8() {
        String masked = new EmailAddress("a😀b@example.com").masked();

        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(masked)).isTrue();
    }

    @Test
    void nothing_that_holds_personal_data_or_secrets_shows_it_as_text() {
        Member member = Some.member(Some.MALL);
        var signUp = new SignUp(member.mallId(), member.loginId(), member.name(), member.email(), member.phone());
        var recipient = new Recipient(
                member.id().value(), member.phone().value(), member.name().value());
        var claimed = new Claimed(
                member.id().value(),
                member.id(),
                0,
                member.email().value(),
                member.name().value());
        var secret = WebhookEndpoint.Secret.from(Some.RANDOM);
        var endpoint = new WebhookEndpoint(
                Some.uuid(), Some.MALL, URI.create("https://a.example"), Set.of(), secret, Some.NOW);

        for (Object shown : new Object[] {member, signUp, recipient, claimed, endpoint, secret}) {
            assertThat(shown.toString())
                    .doesNotContain("홍길동", "hong@", "1234", member.loginId().value(), secret.shown());
        }
    }
}
