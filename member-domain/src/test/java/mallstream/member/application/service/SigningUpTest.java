package mallstream.member.application.service;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.SignUpMember;
import mallstream.member.application.port.in.SignUpMember.Result;
import mallstream.member.application.port.in.SignUpMember.SignUp;
import mallstream.member.application.port.out.Outbox.Claimed;
import mallstream.member.model.EmailAddress;
import mallstream.member.model.LoginId;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.PersonName;
import mallstream.member.model.PhoneNumber;
import mallstream.member.model.RequestKey;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import org.junit.jupiter.api.Test;

class SigningUpTest {
    private static final RequestKey KEY = new RequestKey("shop", "POST", "/members", "k-1", new byte[] {1});
    private static final RequestKey OTHER_BODY = new RequestKey("shop", "POST", "/members", "k-1", new byte[] {2});

    private final HandClock clock = new HandClock("2026-01-02T03:04:05.123456789Z");
    private final Fakes ports = new Fakes(clock);
    private final SignUpMember signUp = new UseCases(ports, clock).signUp();

    private static SignUp hong(MallId mall) {
        return new SignUp(
                mall,
                new LoginId("hong"),
                new PersonName("홍길동"),
                new EmailAddress("hong@example.com"),
                new PhoneNumber("010-1234-5678"));
    }

    private static MemberId signedUp(Answer<Result> answer) {
        assertThat(answer).isInstanceOf(Answer.Given.class);
        var given = (Answer.Given<Result>) answer;
        assertThat(given.value()).isInstanceOf(Result.SignedUp.class);
        return ((Result.SignedUp) given.value()).memberId();
    }

    private List<MemberSignedUp> events() {
        return ports.transactions().inOne(() -> ports.outbox().claim(100, Duration.ofMillis(1))).stream()
                .map(Claimed::event)
                .toList();
    }

    @Test
    void a_member_and_the_event_that_tells_of_it_are_stored_with_one_time() {
        MemberId id = signedUp(signUp.signUp(hong(MALL), null));

        Member stored = ports.transactions()
                .inOne(() -> ports.members().find(new Member.Key(MALL, id)))
                .orElseThrow();
        assertThat(stored.signedUpAt()).as("what a database keeps").isEqualTo("2026-01-02T03:04:05.123456Z");
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.mallId()).isEqualTo(MALL);
            assertThat(event.memberId()).isEqualTo(id);
            assertThat(event.signedUpAt()).isEqualTo(stored.signedUpAt());
            assertThat(event.eventId()).isNotEqualTo(id.value());
            assertThat(event.eventId().version()).isEqualTo(7);
        });
        assertThat(id.value().version()).isEqualTo(7);
    }

    @Test
    void a_taken_login_id_is_refused_and_tells_nobody() {
        signUp.signUp(hong(MALL), null);

        assertThat(signUp.signUp(hong(MALL), null)).isEqualTo(new Answer.Given<>(new Result.LoginIdTaken()));
        assertThat(events()).hasSize(1);
    }

    @Test
    void the_same_key_and_body_get_the_first_answer_and_store_nothing() {
        MemberId first = signedUp(signUp.signUp(hong(MALL), KEY));

        assertThat(signedUp(signUp.signUp(hong(MALL), KEY))).isEqualTo(first);
        assertThat(events()).hasSize(1);
    }

    @Test
    void the_same_key_with_another_body_is_refused() {
        signUp.signUp(hong(MALL), KEY);

        assertThat(signUp.signUp(hong(OTHER_MALL), OTHER_BODY)).isEqualTo(new Answer.UsedForAnotherBody<>());
        assertThat(events()).hasSize(1);
    }

    @Test
    void a_key_whose_first_request_has_not_ended_is_still_running() {
        var meanwhile = new AtomicReference<Answer<Result>>();
        var other = new Thread(() -> meanwhile.set(signUp.signUp(hong(MALL), KEY)));
        ports.run(() -> {
            ports.keys().claim(KEY, clock.instant());
            other.start();
            join(other);
        });

        assertThat(meanwhile.get()).isEqualTo(new Answer.StillRunning<>());
        assertThat(events()).isEmpty();
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_refusal_stores_no_key() {
        signUp.signUp(hong(MALL), null);
        signUp.signUp(hong(MALL), KEY);

        signedUp(signUp.signUp(hong(OTHER_MALL), OTHER_BODY));
    }

    @Test
    void a_key_counts_for_24_hours() {
        MemberId first = signedUp(signUp.signUp(hong(MALL), KEY));

        clock.pass(Duration.ofHours(24).minusMillis(1));
        assertThat(signedUp(signUp.signUp(hong(MALL), KEY))).isEqualTo(first);
        clock.pass(Duration.ofMillis(1));
        assertThat(signedUp(signUp.signUp(hong(OTHER_MALL), KEY))).isNotEqualTo(first);
    }
}
