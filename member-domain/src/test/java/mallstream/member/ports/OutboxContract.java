package mallstream.member.ports;

import static java.time.Duration.ZERO;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.Outbox.Claimed;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import org.junit.jupiter.api.Test;

abstract class OutboxContract extends Contract {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final int ALL = 1000;

    OutboxContract(Ports ports) {
        super(ports);
    }

    /** Members of one number share a bucket: their ids hash to multiples of any number of buckets up to 4096. */
    private static MemberId inOneBucket(int n) {
        return new MemberId(new UUID(0, n * 4096L));
    }

    private MemberSignedUp append(MemberId member) {
        var event = new MemberSignedUp(uuid(), MALL, member, NOW);
        ports.run(() -> ports.outbox().append(event));
        return event;
    }

    private List<Claimed> claim(int most, Duration lease) {
        return inOne(() -> ports.outbox().claim(most, lease));
    }

    private void settle(List<Claimed> published, List<Claimed> failed, Duration pause) {
        ports.run(() -> ports.outbox().settle(published, failed, pause));
    }

    private static List<MemberSignedUp> events(List<Claimed> claimed) {
        return claimed.stream().map(Claimed::event).toList();
    }

    @Test
    void an_empty_outbox_gives_nothing_to_claim_and_no_age() {
        assertThat(claim(ALL, LEASE)).isEmpty();
        assertThat(inOne(ports.outbox()::oldestAge)).isZero();
    }

    @Test
    void events_are_claimed_in_their_order_and_as_they_were() {
        MemberSignedUp first = append(inOneBucket(1));
        MemberSignedUp second = append(inOneBucket(2));
        MemberSignedUp third = append(inOneBucket(1));

        assertThat(events(claim(ALL, LEASE))).containsExactly(first, second, third);
    }

    @Test
    void what_is_claimed_is_claimed_by_nobody_else_not_even_a_later_event_of_that_bucket() {
        append(inOneBucket(1));
        claim(ALL, LEASE);
        append(inOneBucket(2));

        assertThat(claim(ALL, LEASE)).isEmpty();
    }

    @Test
    void no_more_than_asked_is_claimed_and_the_rest_comes_next() {
        List<MemberSignedUp> all =
                IntStream.range(0, 5).mapToObj(i -> append(inOneBucket(i % 2))).toList();

        List<Claimed> some = claim(3, LEASE);
        settle(some, List.of(), ZERO);

        assertThat(events(some)).isEqualTo(all.subList(0, 3));
        await().until(() -> claim(ALL, LEASE), rest -> events(rest).equals(all.subList(3, 5)));
    }

    @Test
    void what_was_published_is_forgotten() {
        append(inOneBucket(1));
        settle(claim(ALL, LEASE), List.of(), ZERO);

        assertThat(claim(ALL, LEASE)).isEmpty();
        assertThat(inOne(ports.outbox()::oldestAge)).isZero();
    }

    @Test
    void a_failed_event_holds_its_member_and_no_one_else_of_the_bucket() {
        MemberId held = inOneBucket(1);
        append(held);
        settle(List.of(), claim(ALL, LEASE), Duration.ofMinutes(1));
        append(held);
        MemberSignedUp other = append(inOneBucket(2));

        await().until(() -> claim(ALL, LEASE), claimed -> events(claimed).equals(List.of(other)));
    }

    @Test
    void a_failed_event_comes_again_after_the_pause_before_the_later_ones_of_its_member() {
        MemberSignedUp first = append(inOneBucket(1));
        settle(List.of(), claim(ALL, LEASE), AT_ONCE);
        MemberSignedUp second = append(inOneBucket(1));

        await().until(() -> claim(ALL, LEASE), claimed -> events(claimed).equals(List.of(first, second)));
    }

    @Test
    void when_a_lease_runs_out_another_claims_and_the_late_one_settles_nothing() {
        MemberSignedUp event = append(inOneBucket(1));
        List<Claimed> late = claim(ALL, AT_ONCE);
        List<Claimed> second = await().until(() -> claim(ALL, LEASE), claimed -> !claimed.isEmpty());

        settle(late, List.of(), ZERO);

        assertThat(events(second)).containsExactly(event);
        assertThat(second.getFirst().fence()).isGreaterThan(late.getFirst().fence());
        assertThat(inOne(ports.outbox()::oldestAge))
                .as("the event is still there")
                .isPositive();
        assertThat(claim(ALL, LEASE)).as("and still with the second").isEmpty();
    }

    @Test
    void the_age_is_that_of_the_oldest_event() {
        append(inOneBucket(1));
        await().until(() -> inOne(ports.outbox()::oldestAge), age -> age.compareTo(Duration.ofMillis(20)) > 0);
        append(inOneBucket(2));

        assertThat(inOne(ports.outbox()::oldestAge)).isGreaterThan(Duration.ofMillis(20));
    }
}
