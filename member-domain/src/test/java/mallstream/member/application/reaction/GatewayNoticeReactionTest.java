package mallstream.member.application.reaction;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.Outcome.AlreadyDone;
import mallstream.member.application.port.in.Outcome.Done;
import mallstream.member.application.port.in.Outcome.Refused;
import mallstream.member.application.port.in.Outcome.TryLater;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCampaigns.Phase;
import mallstream.member.application.port.out.NoticeCampaigns.Step;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.port.out.SendNotices.Letter;
import mallstream.member.application.port.out.SendNotices.Result;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.NoticeTemplate;
import mallstream.member.model.Unavailable;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import mallstream.member.ports.StandInGateway;
import mallstream.member.ports.StandInGateway.Fate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatewayNoticeReactionTest {
    private static final NoticeSettings SETTINGS =
            new NoticeSettings(Duration.ofMinutes(2), Duration.ZERO, Duration.ofMinutes(5));

    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final Fakes ports = new Fakes(clock);
    private final StandInGateway gateway = new StandInGateway(NoticeChannel.ALIMTALK, 1000);
    private final NoticeReaction reaction = reaction(gateway);

    private NoticeReaction reaction(SendNotices... senders) {
        return new GatewayNoticeReaction(
                ports.transactions(),
                ports.campaigns(),
                ports.calls(),
                ports.templates(),
                List.of(senders),
                SETTINGS,
                clock,
                RANDOM);
    }

    private List<NoticeRequested> sending(int members) {
        return sending(members, NoticeChannel.ALIMTALK);
    }

    private List<NoticeRequested> sending(int members, NoticeChannel channel) {
        var campaign = campaign(MALL, channel);
        var requests = new ArrayList<NoticeRequested>();
        ports.run(() -> {
            ports.campaigns().add(campaign);
            for (int i = 0; i < members; i++) {
                Member member = member(MALL);
                ports.members().add(member);
                requests.add(new NoticeRequested(campaign.id(), MALL, member.id()));
            }
        });
        prepare();
        return requests;
    }

    /** Campaigns of before are leased for good, so that the new one comes. */
    private void prepare() {
        ports.run(() -> {
            Step step;
            do {
                step = ports.campaigns().lease(Duration.ofDays(9)).orElseThrow();
            } while (step.phase() != Phase.PREPARING);
            ports.campaigns().prepare(step, 10_000);
        });
    }

    private Counts counts(List<NoticeRequested> of) {
        return ports.transactions()
                .inOne(() -> ports.campaigns().status(of.getFirst().campaignId()))
                .progress()
                .counts();
    }

    private static Counts counts(long ready, long sending, long accepted, long rejected, long unknown) {
        return new Counts(ready, sending, accepted, rejected, unknown, 0, 0, 0);
    }

    @Test
    void many_requests_go_out_in_one_call_with_what_the_gateway_needs() {
        gateway.before(notice -> ports.transactions().mustBeClosed());
        List<NoticeRequested> requests = sending(2);

        assertThat(reaction.on(requests)).containsExactly(new Done(), new Done());

        assertThat(gateway.calls()).singleElement().satisfies(notice -> {
            assertThat(notice.template()).isEqualTo("NOTICE_2026");
            assertThat(notice.letter()).isNull();
            assertThat(notice.recipients()).hasSize(2).allSatisfy(recipient -> {
                assertThat(recipient.address()).isEqualTo("01012345678");
                assertThat(recipient.name()).isEqualTo("홍길동");
            });
        });
        assertThat(counts(requests)).isEqualTo(counts(0, 0, 2, 0, 0));
    }

    @Test
    void nobody_is_sent_a_notice_twice() {
        NoticeRequested request = sending(1).getFirst();

        assertThat(reaction.on(List.of(request, request))).containsExactly(new Done(), new Done());
        assertThat(reaction.on(List.of(request))).containsExactly(new AlreadyDone());

        assertThat(gateway.messages()).hasSize(1).containsValue(1);
    }

    @Test
    void two_campaigns_are_two_calls() {
        List<NoticeRequested> first = sending(1);
        List<NoticeRequested> second = sending(1);

        assertThat(reaction.on(List.of(first.getFirst(), second.getFirst()))).containsOnly(new Done());

        assertThat(gateway.calls()).hasSize(2);
        assertThat(counts(first).accepted()).isEqualTo(1);
        assertThat(counts(second).accepted()).isEqualTo(1);
    }

    @Test
    void mail_is_sent_with_the_text_that_the_campaign_has_pinned_in_calls_of_its_channel_s_size() {
        var mail = new StandInGateway(NoticeChannel.MAIL, 2);
        ports.run(() -> {
            ports.templates().add(new NoticeTemplate("NOTICE_2026", 1, "first {name}", "body", NOW));
            ports.templates().add(new NoticeTemplate("NOTICE_2026", 2, "second", "body", NOW));
        });
        List<NoticeRequested> requests = sending(3, NoticeChannel.MAIL);

        assertThat(reaction(gateway, mail).on(requests)).containsOnly(new Done());

        assertThat(mail.calls()).hasSize(2).allSatisfy(notice -> {
            assertThat(notice.letter()).isEqualTo(new Letter("first {name}", "body"));
            assertThat(notice.recipients().getFirst().address()).isEqualTo("hong@example.com");
        });
        assertThat(gateway.calls()).isEmpty();
    }

    @Test
    void a_channel_that_nothing_sends_by_holds_the_requests() {
        ports.run(() -> ports.templates().add(new NoticeTemplate("NOTICE_2026", 1, "s", "b", NOW)));
        List<NoticeRequested> requests = sending(1, NoticeChannel.MAIL);

        assertThatThrownBy(() -> reaction.on(requests)).isInstanceOf(Unavailable.class);
        assertThat(counts(requests)).isEqualTo(counts(1, 0, 0, 0, 0));
    }

    @Test
    void each_result_is_recorded_for_its_recipient() {
        List<NoticeRequested> requests = sending(4);
        var results = new ArrayList<>(List.<Result>of(
                new Result.Unknown(),
                new Result.Accepted("call-1"),
                new Result.Rejected("-3018"),
                new Result.Accepted("call-1")));
        gateway.result(recipient -> results.removeFirst());

        assertThat(reaction.on(requests)).containsOnly(new Done());
        assertThat(counts(requests)).isEqualTo(counts(0, 0, 2, 1, 1));
        reaction.on(requests);
        assertThat(gateway.calls()).as("not even the unknown one is sent again").hasSize(1);
    }

    @Test
    void a_crash_around_the_call_sends_nothing_again_before_a_look_up() {
        for (Fate fate : List.of(Fate.KILLED_BEFORE, Fate.KILLED_AFTER)) {
            List<NoticeRequested> requests = sending(1);
            gateway.fate(fate);
            assertThatThrownBy(() -> reaction.on(requests)).isInstanceOf(StandInGateway.Killed.class);
            gateway.fate(Fate.ANSWERED);

            assertThat(reaction.on(requests)).containsExactly(new AlreadyDone());
            assertThat(counts(requests).sending()).isEqualTo(1);
        }
        assertThat(gateway.messages().values()).containsExactly(1);
    }

    @Test
    void a_crash_between_call_and_record_sends_nothing_again_before_a_look_up() {
        List<NoticeRequested> requests = sending(1);
        ports.transactions().failAfter(2);

        assertThatThrownBy(() -> reaction.on(requests)).isInstanceOf(Unavailable.class);
        assertThat(reaction.on(requests)).containsExactly(new AlreadyDone());

        assertThat(gateway.messages().values()).containsExactly(1);
        assertThat(counts(requests)).isEqualTo(counts(0, 1, 0, 0, 0));
    }

    @Test
    void a_gateway_that_took_nothing_gets_the_same_people_again() {
        List<NoticeRequested> requests = sending(2);
        gateway.fate(Fate.REFUSED);

        assertThatThrownBy(() -> reaction.on(requests)).isInstanceOf(Unavailable.class);
        assertThat(counts(requests)).isEqualTo(counts(2, 0, 0, 0, 0));
        gateway.fate(Fate.ANSWERED);
        assertThat(reaction.on(requests)).containsExactly(new Done(), new Done());

        assertThat(counts(requests)).isEqualTo(counts(0, 0, 2, 0, 0));
    }

    @Test
    void who_is_turned_down_for_the_moment_waits_for_the_next_pass_and_after_ten_times_is_rejected() {
        List<NoticeRequested> requests = sending(1);
        gateway.result(recipient -> new Result.Later("-9000"));

        for (int i = 1; i < 10; i++) {
            assertThat(reaction.on(requests)).containsExactly(new Done());
            assertThat(counts(requests)).isEqualTo(counts(1, 0, 0, 0, 0));
        }
        assertThat(reaction.on(requests)).containsExactly(new Done());

        assertThat(counts(requests)).isEqualTo(counts(0, 0, 0, 1, 0));
        assertThat(gateway.calls()).hasSize(10);
    }

    @Test
    void who_was_not_sent_anything_beside_others_is_ready_again_however_often() {
        List<NoticeRequested> requests = sending(1);
        gateway.result(recipient -> new Result.NotSent());

        for (int i = 0; i < 20; i++) {
            assertThat(reaction.on(requests)).containsExactly(new Done());
            assertThat(counts(requests)).isEqualTo(counts(1, 0, 0, 0, 0));
        }
    }

    @Test
    void an_instance_that_stood_still_after_marking_begins_no_call() {
        List<NoticeRequested> requests = sending(1);
        var standing = new GatewayNoticeReaction(
                ports.transactions(),
                ports.campaigns(),
                new StoppingCalls(ports.calls(), () -> clock.pass(Duration.ofSeconds(61))),
                ports.templates(),
                List.of(gateway),
                SETTINGS,
                clock,
                RANDOM);

        assertThatThrownBy(() -> standing.on(requests)).isInstanceOf(Unavailable.class);

        assertThat(gateway.calls()).isEmpty();
        assertThat(counts(requests)).isEqualTo(counts(1, 0, 0, 0, 0));
    }

    @Test
    void calls_that_find_no_time_are_made_when_the_requests_come_again() {
        var slow = new StandInGateway(NoticeChannel.ALIMTALK, 1);
        slow.before(notice -> clock.pass(Duration.ofSeconds(20)));
        List<NoticeRequested> requests = sending(3);

        assertThat(reaction(slow).on(requests))
                .containsExactly(new Done(), new Done(), new TryLater(Duration.ofMillis(1)));
        assertThat(counts(requests)).isEqualTo(counts(1, 0, 2, 0, 0));
    }

    @Test
    void a_campaign_that_is_stopped_sends_nothing() {
        List<NoticeRequested> requests = sending(1);
        ports.run(() -> ports.campaigns().stop(requests.getFirst().campaignId(), NoticeCampaign.State.PAUSED));

        assertThat(reaction.on(requests)).containsExactly(new AlreadyDone());
        assertThat(counts(requests)).isEqualTo(counts(1, 0, 0, 0, 0));
        assertThat(gateway.calls()).isEmpty();
    }

    @Test
    void a_request_of_an_unknown_campaign_is_refused_beside_others() {
        var stray = new NoticeRequested(new CampaignId(uuid()), MALL, new MemberId(uuid()));

        assertThat(reaction.on(List.of(stray, sending(1).getFirst(), stray)))
                .containsExactly(new Refused("unknown-campaign"), new Done(), new Refused("unknown-campaign"));
        assertThat(gateway.messages()).hasSize(1);
    }

    @Test
    void who_is_not_of_the_campaign_or_has_left_since_is_sent_nothing() {
        List<NoticeRequested> requests = sending(1);
        NoticeRequested request = requests.getFirst();
        var stranger = new NoticeRequested(request.campaignId(), MALL, new MemberId(uuid()));
        var member = new Member.Key(MALL, request.memberId());
        ports.run(() -> ports.members().withdraw(member, clock.instant()));

        assertThat(reaction.on(List.of(request, stranger))).containsOnly(new AlreadyDone());
        assertThat(gateway.calls()).isEmpty();
        assertThat(counts(requests)).isEqualTo(new Counts(0, 0, 0, 0, 0, 0, 0, 1));
    }

    @Test
    void a_call_has_as_many_recipients_as_the_channel_takes_at_the_most() {
        List<NoticeRequested> requests = sending(1001);

        assertThat(reaction.on(requests)).hasSize(1001).containsOnly(new Done());
        assertThat(gateway.calls())
                .extracting(notice -> notice.recipients().size())
                .containsExactly(1000, 1);
    }

    @Test
    void a_channel_that_answers_for_others_leaves_the_call_to_be_looked_up() {
        List<NoticeRequested> requests = sending(2);
        var confused = new ConfusedGateway();

        assertThatThrownBy(() -> reaction(confused).on(requests)).isInstanceOf(IllegalStateException.class);
        assertThat(counts(requests)).isEqualTo(counts(0, 2, 0, 0, 0));
    }

    private static final class ConfusedGateway implements SendNotices {
        @Override
        public NoticeChannel channel() {
            return NoticeChannel.ALIMTALK;
        }

        @Override
        public int most() {
            return 10;
        }

        @Override
        public List<Result> send(Notice notice) {
            return List.of(new Result.Accepted("request-1"));
        }

        @Override
        public Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt) {
            return Optional.empty();
        }
    }

    /** The instance stands still once it has marked its rows. */
    private record StoppingCalls(NoticeCalls calls, Runnable stop) implements NoticeCalls {
        @Override
        public List<Claimed> begin(Call call, Collection<MemberId> members) {
            List<Claimed> claimed = calls.begin(call, members);
            stop.run();
            return claimed;
        }

        @Override
        public boolean end(UUID callId, Collection<Ended> results, Instant now, Duration settle) {
            return calls.end(callId, results, now, settle);
        }

        @Override
        public boolean giveUp(Instant now, Duration settle) {
            return calls.giveUp(now, settle);
        }

        @Override
        public Optional<Lost> lease(Duration lease) {
            return calls.lease(lease);
        }

        @Override
        public boolean resolve(Lost call, Collection<Ended> results, Instant now, @Nullable Duration again) {
            return calls.resolve(call, results, now, again);
        }

        @Override
        public Backlog backlog(Instant now) {
            return calls.backlog(now);
        }
    }
}
