package mallstream.member.application.service;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.SignUpMember;
import mallstream.member.application.port.in.SignUpMember.Result;
import mallstream.member.application.port.in.SignUpMember.SignUp;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.model.EmailAddress;
import mallstream.member.model.LoginId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.PersonName;
import mallstream.member.model.PhoneNumber;
import mallstream.member.model.RequestKey;
import mallstream.member.ports.Database;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SigningUpIT {
    private static final RequestKey KEY = new RequestKey("shop", "POST", "/members", "k-1", new byte[] {1});
    private static final SignUp HONG = new SignUp(
            MALL,
            new LoginId("hong"),
            new PersonName("홍길동"),
            new EmailAddress("hong@example.com"),
            new PhoneNumber("010-1234-5678"));

    private final Database database = Database.emptied();
    private final SignUpMember signUp = new UseCases(database, Clock.systemUTC()).signUp();

    private void assertStored(int times) {
        assertThat(database.count("member")).isEqualTo(times);
        assertThat(database.count("outbox")).isEqualTo(times);
        assertThat(database.count("request_key")).isEqualTo(times);
    }

    @RepeatedTest(10)
    void two_requests_with_one_key_at_the_same_time_store_one_member() {
        List<Answer<Result>> answers =
                Together.run(Collections.nCopies(3, (Callable<Answer<Result>>) () -> signUp.signUp(HONG, KEY)));
        Answer<Result> afterwards = signUp.signUp(HONG, KEY);

        assertThat(afterwards)
                .isInstanceOfSatisfying(
                        Answer.Given.class, given -> assertThat(given.value()).isInstanceOf(Result.SignedUp.class));
        assertThat(answers).contains(afterwards).isSubsetOf(afterwards, new Answer.StillRunning<>());
        assertStored(1);
    }

    @RepeatedTest(5)
    void two_members_with_one_login_id_at_the_same_time_are_one() {
        List<Answer<Result>> answers =
                Together.run(Collections.nCopies(3, (Callable<Answer<Result>>) () -> signUp.signUp(HONG, null)));

        assertThat(answers)
                .filteredOn(new Answer.Given<Result>(new Result.LoginIdTaken())::equals)
                .hasSize(2);
        assertThat(database.count("member")).isEqualTo(1);
        assertThat(database.count("outbox")).isEqualTo(1);
    }

    @Test
    void member_event_and_key_are_stored_together_or_not_at_all() {
        var breaking = new SigningUp(
                database.transactions(),
                database.members(),
                new BreakingOutbox(),
                database.keys(),
                Clock.systemUTC(),
                RANDOM);

        assertThatThrownBy(() -> breaking.signUp(HONG, KEY)).isInstanceOf(IllegalStateException.class);
        assertStored(0);
        signUp.signUp(HONG, KEY);
        assertStored(1);
    }

    @Test
    void a_key_row_holds_nothing_of_the_request() {
        signUp.signUp(HONG, KEY);

        String row = database.jdbc()
                .sql("select row_to_json(k)::text || encode(scope, 'escape') || encode(body_hash, 'escape')"
                        + " from member.request_key k")
                .query(String.class)
                .single();
        assertThat(Stream.of("홍길동", "hong", "1234", "k-1", "shop")).noneMatch(row::contains);
    }

    private static final class BreakingOutbox implements Outbox {
        @Override
        public void append(MemberSignedUp event) {
            throw new IllegalStateException("broken");
        }

        @Override
        public List<Claimed> claim(int most, Duration lease) {
            return List.of();
        }

        @Override
        public void settle(Collection<Claimed> published, Collection<Claimed> failed, Duration pause) {}

        @Override
        public Duration oldestAge() {
            return Duration.ZERO;
        }
    }
}
