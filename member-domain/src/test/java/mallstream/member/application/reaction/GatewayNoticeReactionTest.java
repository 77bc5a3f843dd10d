package mallstream.member.application.reaction;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.Outcome.AlreadyDone;
import mallstream.member.application.port.in.Outcome.Done;
import mallstream.member.application.port.in.Outcome.Refused;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.Unavailable;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import org.junit.jupiter.api.Test;

class GatewayNoticeReactionTest {
    private final HandClock clock = new HandClock("2026-01-02T03:04:05Z");
    private final Fakes ports = new Fakes(clock);
    private final Gateway gateway = new Gateway();
    private final NoticeReaction reaction = new GatewayNoticeReaction(
            ports.transactions(), ports.campaigns(), ports.members(), List.of(gateway), clock, RANDOM);
    private final NoticeCampaign campaign = started();

    private NoticeCampaign started() {
        NoticeCampaign made = campaign(null);
        ports.run(() -> ports.campaigns().add(made));
        return made;
    }

    private NoticeRequested request() {
        return request(campaign);
    }

    private NoticeRequested request(NoticeCampaign to) {
        Member member = member(MALL);
        ports.run(() -> ports.members().add(member));
        return new NoticeRequested(to.id(), MALL, member.id());
    }

    private Progress progress(NoticeCampaign of) {
        return ports.transactions()
                .inOne(() -> ports.campaigns().status(of.id()))
                .progress();
    }

    private static Progress counts(long accepted, long rejected, long unknown) {
        return new Progress(null, 0, accepted, rejected, unknown);
    }

    @Test
    void many_requests_go_out_in_one_call_with_what_the_gateway_needs() {
        NoticeRequested first = request();
        NoticeRequested second = request();

        assertThat(reaction.on(List.of(first, second))).containsExactly(new Done(), new Done());

        assertThat(gateway.calls).singleElement().satisfies(notice -> {
            assertThat(notice.template()).isEqualTo(campaign.template());
            assertThat(notice.recipients()).hasSize(2).allSatisfy(recipient -> {
                assertThat(recipient.address()).isEqualTo("01012345678");
                assertThat(recipient.name()).isEqualTo("홍길동");
            });
        });
        assertThat(progress(campaign)).isEqualTo(counts(2, 0, 0));
    }

    @Test
    void nobody_is_sent_a_notice_twice() {
        NoticeRequested request = request();

        assertThat(reaction.on(List.of(request, request))).containsExactly(new Done(), new Done());
        assertThat(reaction.on(List.of(request))).containsExactly(new AlreadyDone());

        assertThat(gateway.recipients()).isEqualTo(1);
    }

    @Test
    void a_person_in_two_campaigns_gets_two_notices_in_two_calls() {
        NoticeCampaign other = started();
        NoticeRequested request = request();

        reaction.on(List.of(request, new NoticeRequested(other.id(), request.mallId(), request.memberId())));

        assertThat(gateway.calls)
                .extracting(SendNotices.Notice::template)
                .containsExactly(campaign.template(), other.template());
    }

    @Test
    void each_result_is_recorded_for_its_recipient() {
        List<SendNotices.Result> results = List.of(
                new SendNotices.Result.Unknown(),
                new SendNotices.Result.Accepted("call-1"),
                new SendNotices.Result.Rejected("-3018"),
                new SendNotices.Result.Accepted("call-1"));
        gateway.answer = notice -> results;
        List<NoticeRequested> requests = List.of(request(), request(), request(), request());

        assertThat(reaction.on(requests)).containsOnly(new Done());
        assertThat(progress(campaign)).isEqualTo(counts(2, 1, 1));
        reaction.on(requests);
        assertThat(gateway.calls).as("not even the unknown one is sent again").hasSize(1);
    }

    @Test
    void a_crash_between_call_and_record_leaves_unknown_and_sends_nothing_again() {
        NoticeRequested request = request();
        ports.transactions().failAfter(2);

        assertThatThrownBy(() -> reaction.on(List.of(request))).isInstanceOf(Unavailable.class);
        assertThat(reaction.on(List.of(request))).containsExactly(new AlreadyDone());

        assertThat(gateway.recipients()).isEqualTo(1);
        assertThat(progress(campaign)).isEqualTo(counts(0, 0, 1));
    }

    @Test
    void a_gateway_that_took_nothing_gets_the_same_people_again() {
        List<NoticeRequested> requests = List.of(request(), request());
        gateway.answer = notice -> {
            throw new Unavailable("gateway", new IOException());
        };

        assertThatThrownBy(() -> reaction.on(requests)).isInstanceOf(Unavailable.class);
        assertThat(progress(campaign)).isEqualTo(counts(0, 0, 0));
        gateway.answer = Gateway::accepts;
        assertThat(reaction.on(requests)).containsExactly(new Done(), new Done());

        assertThat(progress(campaign)).isEqualTo(counts(2, 0, 0));
    }

    @Test
    void calls_that_were_never_tried_are_made_when_the_events_come_again() {
        NoticeCampaign second = started();
        NoticeCampaign third = started();
        List<NoticeRequested> requests = List.of(request(), request(second), request(third));
        gateway.answer = notice -> {
            if (gateway.calls.size() == 2) {
                throw new IllegalStateException("a bug in the gateway's client");
            }
            return Gateway.accepts(notice);
        };

        assertThatThrownBy(() -> reaction.on(requests)).isInstanceOf(IllegalStateException.class);
        gateway.answer = Gateway::accepts;
        assertThat(reaction.on(requests)).containsExactly(new AlreadyDone(), new AlreadyDone(), new Done());

        assertThat(progress(campaign)).isEqualTo(counts(1, 0, 0));
        assertThat(progress(second)).as("nobody knows").isEqualTo(counts(0, 0, 1));
        assertThat(progress(third)).isEqualTo(counts(1, 0, 0));
    }

    @Test
    void a_request_of_an_unknown_campaign_is_refused_beside_others() {
        NoticeRequested stray = new NoticeRequested(new CampaignId(uuid()), MALL, new MemberId(uuid()));

        assertThat(reaction.on(List.of(stray, request(), stray)))
                .containsExactly(new Refused("unknown-campaign"), new Done(), new Refused("unknown-campaign"));
        assertThat(gateway.recipients()).isEqualTo(1);
    }

    @Test
    void a_member_that_is_not_there_is_rejected_without_a_call() {
        NoticeRequested request = request();
        var wrongMall = new NoticeRequested(campaign.id(), OTHER_MALL, request.memberId());

        assertThat(reaction.on(List.of(wrongMall))).containsExactly(new Done());
        assertThat(gateway.calls).isEmpty();
        assertThat(progress(campaign)).isEqualTo(counts(0, 1, 0));
    }

    @Test
    void who_has_left_since_is_sent_nothing() {
        NoticeRequested request = request();
        var key = new Member.Key(request.mallId(), request.memberId());
        ports.run(() -> ports.members().withdraw(key, clock.instant()));

        assertThat(reaction.on(List.of(request))).containsExactly(new Done());
        assertThat(gateway.calls).isEmpty();
        assertThat(progress(campaign)).isEqualTo(counts(0, 1, 0));
    }

    @Test
    void a_call_has_a_thousand_recipients_at_the_most() {
        List<NoticeRequested> requests =
                IntStream.range(0, 1001).mapToObj(i -> request()).toList();

        assertThat(reaction.on(requests)).hasSize(1001).containsOnly(new Done());
        assertThat(gateway.calls)
                .extracting(notice -> notice.recipients().size())
                .containsExactly(1000, 1);
    }

    private final class Gateway implements SendNotices {
        private final List<Notice> calls = new ArrayList<>();
        private Function<Notice, List<Result>> answer = Gateway::accepts;

        static List<Result> accepts(Notice notice) {
            return notice.recipients().stream()
                    .<Result>map(recipient -> new Result.Accepted("call-1"))
                    .toList();
        }

        @Override
        public NoticeChannel channel() {
            return NoticeChannel.ALIMTALK;
        }

        @Override
        public int most() {
            return 1000;
        }

        @Override
        public Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt) {
            return Optional.empty();
        }

        @Override
        public List<Result> send(Notice notice) {
            ports.transactions().mustBeClosed();
            calls.add(notice);
            return answer.apply(notice);
        }

        int recipients() {
            return calls.stream().mapToInt(notice -> notice.recipients().size()).sum();
        }
    }
}
