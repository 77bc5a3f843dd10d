package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import mallstream.member.application.port.out.NoticeCampaigns.Claim;
import mallstream.member.application.port.out.NoticeCampaigns.Publishing;
import mallstream.member.application.port.out.NoticeCampaigns.Sent;
import mallstream.member.application.port.out.NoticeCampaigns.State;
import mallstream.member.application.port.out.NoticeCampaigns.Status;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRequested;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class NoticeCampaignsContract extends Contract {
    private static final Duration LEASE = Duration.ofMinutes(1);

    NoticeCampaignsContract(Ports ports) {
        super(ports);
    }

    private NoticeCampaign added(@Nullable MallId mall) {
        NoticeCampaign campaign = campaign(mall);
        ports.run(() -> ports.campaigns().add(campaign));
        return campaign;
    }

    private List<Publishing> lease() {
        return inOne(() -> ports.campaigns().lease(LEASE).stream().toList());
    }

    private static NoticeRequested request(NoticeCampaign campaign) {
        return new NoticeRequested(campaign.id(), MALL, new MemberId(uuid()));
    }

    private Claim begin(NoticeRequested request, UUID row) {
        return inOne(() -> ports.campaigns().beginSending(List.of(request), List.of(row), NOW))
                .getFirst();
    }

    private void record(UUID row, State state, @Nullable String code) {
        ports.run(() -> ports.campaigns().record(List.of(new Sent(row, state, code)), NOW));
    }

    private Status status(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().status(campaign.id()));
    }

    @Test
    void a_campaign_is_found_as_it_was_made() {
        NoticeCampaign ofOne = added(MALL);
        NoticeCampaign ofAll = added(null);

        assertThat(inOne(() -> ports.campaigns().find(ofOne.id()))).contains(ofOne);
        assertThat(inOne(() -> ports.campaigns().find(ofAll.id()))).contains(ofAll);
        assertThat(inOne(() -> ports.campaigns().find(new CampaignId(uuid())))).isEmpty();
    }

    @Test
    void a_new_campaign_has_nothing_counted() {
        assertThat(status(added(MALL))).isEqualTo(new Status(new Progress(null, 0, 0, 0, 0), null));
    }

    @Test
    void a_campaign_is_leased_by_one_at_a_time() {
        NoticeCampaign campaign = added(MALL);

        assertThat(lease()).singleElement().satisfies(leased -> {
            assertThat(leased.campaign()).isEqualTo(campaign);
            assertThat(leased.last()).isNull();
            assertThat(leased.total()).isNull();
        });
        assertThat(lease()).isEmpty();
    }

    @Test
    void a_campaign_that_moved_on_goes_on_from_there() {
        NoticeCampaign campaign = added(MALL);
        var last = new MemberId(uuid());
        Publishing leased = lease().getFirst();

        ports.run(() -> ports.campaigns().moveOn(leased, last, 1000, 1500, false));

        assertThat(status(campaign).progress()).isEqualTo(new Progress(1500L, 1000, 0, 0, 0));
        assertThat(await().until(this::lease, next -> !next.isEmpty()))
                .singleElement()
                .satisfies(next -> {
                    assertThat(next.last()).isEqualTo(last);
                    assertThat(next.total()).isEqualTo(1500);
                    assertThat(next.lease()).isGreaterThan(leased.lease());
                });
    }

    @Test
    void a_campaign_that_is_all_published_is_leased_no_more() {
        NoticeCampaign campaign = added(MALL);
        Publishing leased = lease().getFirst();

        ports.run(() -> ports.campaigns().moveOn(leased, null, 0, 0, true));

        assertThat(lease()).isEmpty();
        assertThat(status(campaign).progress().total()).isZero();
    }

    @Test
    void who_comes_after_its_lease_ran_out_moves_nothing() {
        NoticeCampaign campaign = added(MALL);
        Publishing late =
                inOne(() -> ports.campaigns().lease(Duration.ofMillis(1))).orElseThrow();
        await().until(this::lease, second -> !second.isEmpty());

        ports.run(() -> ports.campaigns().moveOn(late, new MemberId(uuid()), 1000, 1000, true));

        assertThat(status(campaign).progress()).isEqualTo(new Progress(null, 0, 0, 0, 0));
        assertThat(lease()).as("still with the second").isEmpty();
    }

    @Test
    void a_request_is_begun_once_per_campaign_and_member() {
        NoticeRequested request = request(added(MALL));
        var sameMember = new NoticeRequested(added(MALL).id(), request.mallId(), request.memberId());
        UUID row = uuid();
        UUID other = uuid();

        assertThat(begin(request, row)).isEqualTo(new Claim.Mine(row));
        assertThat(begin(request, uuid())).isEqualTo(new Claim.Before());
        assertThat(begin(sameMember, other)).isEqualTo(new Claim.Mine(other));
    }

    @Test
    void of_many_requests_each_gets_its_own_answer_in_order() {
        NoticeCampaign campaign = added(MALL);
        NoticeRequested before = request(campaign);
        begin(before, uuid());
        UUID first = uuid();
        UUID third = uuid();

        assertThat(inOne(() -> ports.campaigns()
                        .beginSending(
                                List.of(request(campaign), before, request(campaign)),
                                List.of(first, uuid(), third),
                                NOW)))
                .containsExactly(new Claim.Mine(first), new Claim.Before(), new Claim.Mine(third));
        assertThat(inOne(() -> ports.campaigns().beginSending(List.of(), List.of(), NOW)))
                .isEmpty();
    }

    @Test
    void a_mark_without_an_answer_is_unknown_when_the_request_comes_again() {
        NoticeCampaign campaign = added(MALL);
        NoticeRequested request = request(campaign);
        begin(request, uuid());
        assertThat(status(campaign)).isEqualTo(new Status(new Progress(null, 0, 0, 0, 0), NOW));

        begin(request, uuid());

        assertThat(status(campaign).progress()).isEqualTo(new Progress(null, 0, 0, 0, 1));
    }

    @Test
    void an_answer_that_comes_late_wins_over_unknown() {
        NoticeCampaign campaign = added(MALL);
        NoticeRequested request = request(campaign);
        UUID row = uuid();
        begin(request, row);
        begin(request, uuid());

        record(row, State.ACCEPTED, "request-1");

        assertThat(status(campaign).progress()).isEqualTo(new Progress(null, 0, 1, 0, 0));
    }

    @Test
    void answers_are_counted_and_stay_when_the_request_comes_again() {
        NoticeCampaign campaign = added(MALL);
        for (State state : State.values()) {
            NoticeRequested request = request(campaign);
            UUID row = uuid();
            begin(request, row);
            record(row, state, null);
            begin(request, uuid());
        }

        assertThat(status(campaign).progress()).isEqualTo(new Progress(null, 0, 1, 1, 1));
        ports.run(() -> ports.campaigns().record(List.of(), NOW));
    }

    @Test
    void a_code_of_any_length_is_recorded() {
        NoticeCampaign campaign = added(MALL);
        UUID row = uuid();
        begin(request(campaign), row);

        record(row, State.REJECTED, "x".repeat(500));

        assertThat(status(campaign).progress().rejected()).isEqualTo(1);
    }

    @Test
    void a_mark_that_was_taken_back_lets_the_request_come_again() {
        NoticeRequested request = request(added(MALL));
        UUID row = uuid();
        begin(request, row);

        ports.run(() -> ports.campaigns().undo(List.of(row)));

        UUID again = uuid();
        assertThat(begin(request, again)).isEqualTo(new Claim.Mine(again));
    }

    @Test
    void what_was_answered_cannot_be_taken_back() {
        NoticeRequested request = request(added(MALL));
        UUID row = uuid();
        begin(request, row);
        record(row, State.ACCEPTED, "request-1");

        ports.run(() -> ports.campaigns().undo(List.of(row)));

        assertThat(begin(request, uuid())).isEqualTo(new Claim.Before());
    }
}
