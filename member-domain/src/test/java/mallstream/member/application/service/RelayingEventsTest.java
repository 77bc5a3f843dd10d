package mallstream.member.application.service;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.in.RelayEvents;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.model.Event;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.Unavailable;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import org.junit.jupiter.api.Test;

class RelayingEventsTest {
    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final Fakes ports = new Fakes(clock);
    private final Broker broker = new Broker();
    private final RelayEvents relay = new UseCases(ports, clock).relay(broker);

    /** All of one bucket, so that a member that waits stands beside others. */
    private static MemberId member(int n) {
        return new MemberId(new UUID(0, n * 4096L));
    }

    private MemberSignedUp append(MemberId member) {
        var event = new MemberSignedUp(uuid(), MALL, member, NOW);
        ports.run(() -> ports.outbox().append(event));
        return event;
    }

    @Test
    void an_empty_outbox_publishes_nothing() {
        assertThat(relay.relay()).isZero();
        assertThat(broker.topic).isEmpty();
    }

    @Test
    void events_are_published_in_order_and_forgotten() {
        List<MemberSignedUp> events =
                IntStream.range(0, 6).mapToObj(i -> append(member(i % 2))).toList();

        assertThat(relay.relay()).isEqualTo(6);
        assertThat(relay.relay()).isZero();
        assertThat(broker.topic).isEqualTo(events);
        assertThat(relay.oldestAge()).isZero();
    }

    @Test
    void a_member_that_cannot_be_published_waits_in_order_and_holds_nobody_else() {
        MemberId held = member(1);
        MemberSignedUp first = append(held);
        MemberSignedUp other = append(member(2));
        MemberSignedUp second = append(held);
        broker.failing.add(held);

        assertThat(relay.relay()).isEqualTo(1);
        MemberSignedUp third = append(held);
        MemberSignedUp another = append(member(2));
        assertThat(relay.relay()).isEqualTo(1);
        assertThat(broker.topic).containsExactly(other, another);

        broker.failing.clear();
        assertThat(relay.relay()).as("the pause is not over").isZero();
        clock.pass(Duration.ofSeconds(2));
        assertThat(relay.relay()).isEqualTo(3);
        assertThat(broker.topic).containsExactly(other, another, first, second, third);
    }

    @Test
    void what_was_published_and_could_not_be_forgotten_comes_again_after_the_lease() {
        MemberSignedUp event = append(member(1));
        ports.transactions().failAfter(1);

        assertThatThrownBy(relay::relay).isInstanceOf(Unavailable.class);
        assertThat(relay.relay()).as("the lease still holds").isZero();
        clock.pass(Duration.ofMinutes(1));
        assertThat(relay.relay()).isEqualTo(1);
        assertThat(broker.topic).containsExactly(event, event);
    }

    @Test
    void the_age_is_how_long_the_oldest_has_waited() {
        append(member(1));
        clock.pass(Duration.ofSeconds(90));

        assertThat(relay.oldestAge()).isEqualTo(Duration.ofSeconds(90));
    }

    private final class Broker implements PublishEvents {
        private final List<Event> topic = new ArrayList<>();
        private final Set<MemberId> failing = new HashSet<>();

        @Override
        public List<Boolean> publish(List<? extends Event> events) {
            ports.transactions().mustBeClosed();
            var safe = new ArrayList<Boolean>();
            for (Event event : events) {
                safe.add(!failing.contains(event.memberId()) && topic.add(event));
            }
            return safe;
        }
    }
}
