package mallstream.member.application.service;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.PublishNoticeRequests;
import mallstream.member.application.port.in.ReadNoticeCampaign;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.StartNoticeCampaign.CampaignOrder;
import mallstream.member.application.port.out.NoticeCampaigns.Sent;
import mallstream.member.application.port.out.NoticeCampaigns.State;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Event;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.RequestKey;
import mallstream.member.model.Unavailable;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import mallstream.member.ports.Some;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoticeCampaignsTest {
    private static final RequestKey KEY = new RequestKey("shop", "POST", "/c", "k-1", new byte[] {1});

    private final HandClock clock = new HandClock("2026-01-03T00:00:00Z");
    private final Fakes ports = new Fakes(clock);
    private final UseCases useCases = new UseCases(ports, clock);
    private final StartNoticeCampaign start = useCases.startCampaign();
    private final ReadNoticeCampaign read = useCases.readCampaign();
    private final Broker broker = new Broker();
    private final PublishNoticeRequests publish = useCases.publishRequests(broker);

    private static CampaignOrder order(@Nullable MallId mall) {
        return new CampaignOrder(mall, 2026, NoticeChannel.ALIMTALK, "NOTICE");
    }

    private CampaignId started(@Nullable MallId mall) {
        return ((Answer.Given<CampaignId>) start.start(order(mall), null)).value();
    }

    private List<Member.Key> added(MallId mall, int count) {
        return ports.transactions()
                .inOne(() -> IntStream.range(0, count)
                        .mapToObj(i -> {
                            Member member = member(mall);
                            ports.members().add(member);
                            return keyOf(member);
                        })
                        .toList());
    }

    private Progress progress(CampaignId id) {
        return read.read(id).orElseThrow().progress();
    }

    @Test
    void the_same_key_starts_one_campaign() {
        Answer<CampaignId> first = start.start(order(MALL), KEY);

        assertThat(start.start(order(MALL), KEY)).isEqualTo(first);
        assertThat(publish.publishPage()).isZero();
        assertThat(ports.transactions().inOne(() -> ports.campaigns().lease(Duration.ofSeconds(1))))
                .as("the only one is published")
                .isEmpty();
    }

    @Test
    void a_bad_order_is_refused() {
        assertThatThrownBy(() -> start.start(new CampaignOrder(MALL, 1, NoticeChannel.ALIMTALK, "NOTICE"), null))
                .isInstanceOf(InvalidValue.class);
    }

    @Test
    void requests_go_out_page_by_page_to_the_members_of_the_mall() {
        List<Member.Key> ours = added(MALL, 1500);
        added(OTHER_MALL, 3);
        CampaignId id = started(MALL);

        assertThat(publish.publishPage()).isEqualTo(1000);
        assertThat(progress(id)).isEqualTo(new Progress(1500L, 1000, 0, 0, 0));
        assertThat(publish.publishPage()).isEqualTo(500);
        assertThat(publish.publishPage()).isZero();

        assertThat(broker.members()).isEqualTo(ours);
        assertThat(broker.topic)
                .allSatisfy(event ->
                        assertThat(((NoticeRequested) event).campaignId()).isEqualTo(id));
        assertThat(progress(id)).isEqualTo(new Progress(1500L, 1500, 0, 0, 0));
    }

    @Test
    void publishing_goes_on_at_the_first_request_that_is_not_safe() {
        List<Member.Key> ours = added(MALL, 10);
        CampaignId id = started(MALL);
        broker.safe = List.of(true, true, true, false, true, true, true, true, true, true);

        assertThat(publish.publishPage()).isEqualTo(3);
        assertThat(progress(id).published()).isEqualTo(3);
        broker.topic.clear();
        broker.safe = null;
        assertThat(publish.publishPage()).isEqualTo(7);

        assertThat(broker.members()).isEqualTo(ours.subList(3, 10));
        assertThat(progress(id).published()).isEqualTo(10);
        assertThat(publish.publishPage()).isZero();
    }

    @Test
    void a_broker_that_takes_nothing_leaves_the_campaign_where_it_was() {
        added(MALL, 2);
        CampaignId id = started(MALL);
        broker.safe = List.of(false, false);

        assertThat(publish.publishPage()).isZero();
        broker.safe = null;
        assertThat(publish.publishPage()).isEqualTo(2);
        assertThat(progress(id).published()).isEqualTo(2);
    }

    @Test
    void a_page_that_was_published_and_not_recorded_comes_again_after_the_lease() {
        added(MALL, 2);
        CampaignId id = started(MALL);
        ports.transactions().failAfter(1);

        assertThatThrownBy(publish::publishPage).isInstanceOf(Unavailable.class);
        assertThat(publish.publishPage()).as("the lease still holds").isZero();
        clock.pass(Duration.ofMinutes(2));
        assertThat(publish.publishPage()).isEqualTo(2);
        assertThat(progress(id).published()).as("counted once").isEqualTo(2);
    }

    @Test
    void who_signs_up_after_the_start_is_left_out() {
        CampaignId id = started(null);
        ports.run(() -> ports.members().add(member(MALL, clock.instant().plusMillis(1))));

        assertThat(publish.publishPage()).isZero();
        assertThat(progress(id).total()).isZero();
    }

    @Test
    void a_campaign_for_all_malls_reaches_all_malls() {
        added(MALL, 2);
        added(OTHER_MALL, 3);
        started(null);

        assertThat(publish.publishPage()).isEqualTo(5);
    }

    @Test
    void rate_and_end_are_told_from_what_is_finished() {
        added(MALL, 10);
        CampaignId id = started(MALL);
        publish.publishPage();
        var before = read.read(id).orElseThrow();
        assertThat(before.perSecond()).isZero();
        assertThat(before.estimatedEnd()).isNull();

        List<UUID> rows = broker.topic.stream()
                .limit(4)
                .map(NoticeRequested.class::cast)
                .map(request -> {
                    UUID row = Some.uuid();
                    ports.run(() -> ports.campaigns().beginSending(List.of(request), List.of(row), clock.instant()));
                    return row;
                })
                .toList();
        clock.pass(Duration.ofSeconds(2));
        ports.run(() -> ports.campaigns()
                .record(
                        rows.stream()
                                .map(row -> new Sent(row, State.ACCEPTED, null))
                                .toList(),
                        clock.instant()));

        var view = read.read(id).orElseThrow();
        assertThat(view.perSecond()).isEqualTo(2.0);
        assertThat(view.estimatedEnd()).isEqualTo(clock.instant().plusSeconds(3));
        assertThat(view.progress()).isEqualTo(new Progress(10L, 10, 4, 0, 0));
    }

    @Test
    void a_campaign_that_is_not_there_is_not_found() {
        assertThat(read.read(new CampaignId(Some.uuid()))).isEmpty();
    }

    private final class Broker implements PublishEvents {
        private final List<Event> topic = new ArrayList<>();
        private @Nullable List<Boolean> safe;

        @Override
        public List<Boolean> publish(List<? extends Event> events) {
            ports.transactions().mustBeClosed();
            topic.addAll(events);
            List<Boolean> answer = safe;
            return answer == null ? Collections.nCopies(events.size(), true) : answer;
        }

        List<Member.Key> members() {
            return topic.stream()
                    .map(NoticeRequested.class::cast)
                    .map(request -> new Member.Key(request.mallId(), request.memberId()))
                    .toList();
        }
    }
}
