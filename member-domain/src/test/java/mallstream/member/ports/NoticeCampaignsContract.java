package mallstream.member.ports;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mallstream.member.application.port.out.NoticeCalls.Call;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.application.port.out.NoticeCampaigns.Page;
import mallstream.member.application.port.out.NoticeCampaigns.Phase;
import mallstream.member.application.port.out.NoticeCampaigns.Status;
import mallstream.member.application.port.out.NoticeCampaigns.Step;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRecipient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class NoticeCampaignsContract extends Contract {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration NEVER = Duration.ofDays(1);

    NoticeCampaignsContract(Ports ports) {
        super(ports);
    }

    private NoticeCampaign added(@Nullable MallId mall) {
        NoticeCampaign campaign = campaign(mall);
        ports.run(() -> ports.campaigns().add(campaign));
        return campaign;
    }

    private List<Member.Key> members(MallId mall, int count) {
        var keys = new ArrayList<Member.Key>();
        ports.run(() -> {
            for (int i = 0; i < count; i++) {
                Member member = member(mall);
                ports.members().add(member);
                keys.add(keyOf(member));
            }
        });
        return keys;
    }

    private Optional<Step> lease() {
        return inOne(() -> ports.campaigns().lease(LEASE));
    }

    /** A campaign whose step ended just now may be leased a microsecond later. */
    private Step leased() {
        return await().until(this::lease, Optional::isPresent).orElseThrow();
    }

    private void prepare(int most) {
        await().until(() -> inOne(() -> {
            Optional<Step> step = ports.campaigns().lease(LEASE);
            step.ifPresent(one -> ports.campaigns().prepare(one, most));
            return step.isPresent();
        }));
    }

    private NoticeCampaign prepared(int members) {
        members(MALL, members);
        NoticeCampaign campaign = added(MALL);
        prepare(members + 1);
        return campaign;
    }

    private Status status(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().status(campaign.id()));
    }

    private Counts counts(NoticeCampaign campaign) {
        return status(campaign).progress().counts();
    }

    private NoticeCampaign.State state(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().find(campaign.id())).orElseThrow().state();
    }

    private List<NoticeRecipient> recipients(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().recipients(campaign.id(), null, 1000));
    }

    private Page publish(int most) {
        Step step = leased();
        assertThat(step.phase()).isEqualTo(Phase.PUBLISHING);
        Page page = inOne(() -> ports.campaigns().ready(step, most));
        ports.run(() ->
                ports.campaigns().published(step, page.last(), page.members().size(), page.end()));
        return page;
    }

    private boolean end(Duration stall) {
        return inOne(() -> {
            Step step = ports.campaigns().lease(LEASE).orElseThrow();
            assertThat(step.phase()).isEqualTo(Phase.ENDING);
            return ports.campaigns().end(step, stall);
        });
    }

    private Call begin(NoticeCampaign campaign) {
        var call = new Call(uuid(), campaign.id(), campaign.channel(), NOW, LEASE);
        List<MemberId> all =
                recipients(campaign).stream().map(NoticeRecipient::memberId).toList();
        ports.run(() -> ports.calls().begin(call, all));
        return call;
    }

    private void ended(NoticeCampaign campaign, Call call, NoticeRecipient.State state) {
        var results = recipients(campaign).stream()
                .map(one -> new Ended(one.memberId(), state, "code", false))
                .toList();
        ports.run(() -> ports.calls().end(call.id(), results, NOW, Duration.ZERO));
    }

    @Test
    void a_campaign_is_found_as_it_was_made() {
        NoticeCampaign ofOne = added(MALL);
        NoticeCampaign ofAll = campaign(null, NoticeChannel.MAIL);
        ports.run(() -> ports.campaigns().add(ofAll));

        assertThat(inOne(() -> ports.campaigns().find(ofOne.id()))).contains(ofOne);
        assertThat(inOne(() -> ports.campaigns().lock(ofAll.id()))).contains(ofAll);
        assertThat(inOne(() -> ports.campaigns().find(new CampaignId(uuid())))).isEmpty();
    }

    @Test
    void a_campaign_that_is_not_over_is_in_the_way_of_those_of_its_year_channel_and_mall() {
        NoticeCampaign open = added(MALL);

        assertThat(inTheWayOf(campaign(MALL))).contains(open.id());
        assertThat(inTheWayOf(campaign(null))).contains(open.id());
        assertThat(inTheWayOf(campaign(OTHER_MALL))).isEmpty();
        assertThat(inTheWayOf(campaign(MALL, NoticeChannel.MAIL))).isEmpty();
        assertThat(inTheWayOf(new NoticeCampaign(
                        new CampaignId(uuid()),
                        MALL,
                        open.year() + 1,
                        open.channel(),
                        open.template(),
                        1,
                        NOW,
                        NoticeCampaign.State.PREPARING)))
                .isEmpty();

        ports.run(() -> ports.campaigns().stop(open.id(), NoticeCampaign.State.PAUSED));
        assertThat(inTheWayOf(campaign(MALL))).contains(open.id());
        ports.run(() -> ports.campaigns().stop(open.id(), NoticeCampaign.State.CANCELLED));
        assertThat(inTheWayOf(campaign(MALL))).isEmpty();
        NoticeCampaign ofAll = added(null);
        assertThat(inTheWayOf(campaign(OTHER_MALL))).contains(ofAll.id());
    }

    private Optional<CampaignId> inTheWayOf(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().lockOpen(campaign));
    }

    @Test
    void a_new_campaign_has_nothing_counted() {
        assertThat(status(added(MALL))).isEqualTo(new Status(new Progress(null, 0, Counts.NONE), 0, null));
    }

    @Test
    void a_campaign_is_leased_by_one_at_a_time() {
        NoticeCampaign campaign = added(MALL);

        assertThat(lease()).hasValueSatisfying(step -> {
            assertThat(step.campaign()).isEqualTo(campaign);
            assertThat(step.phase()).isEqualTo(Phase.PREPARING);
        });
        assertThat(lease()).isEmpty();
    }

    @Test
    void members_are_written_down_page_by_page_and_counted_before_anything_is_sent() {
        List<Member.Key> ours = members(MALL, 5);
        members(OTHER_MALL, 2);
        NoticeCampaign campaign = added(MALL);

        prepare(2);
        assertThat(status(campaign).progress()).isEqualTo(new Progress(null, 0, new Counts(2, 0, 0, 0, 0, 0, 0, 0)));
        assertThat(state(campaign)).isEqualTo(NoticeCampaign.State.PREPARING);
        prepare(2);
        prepare(2);

        assertThat(state(campaign)).isEqualTo(NoticeCampaign.State.SENDING);
        assertThat(status(campaign).progress()).isEqualTo(new Progress(5L, 0, new Counts(5, 0, 0, 0, 0, 0, 0, 0)));
        assertThat(recipients(campaign))
                .containsExactlyElementsOf(ours.stream()
                        .map(key -> new NoticeRecipient(
                                key.mallId(), key.memberId(), NoticeRecipient.State.READY, null, null, null, null))
                        .toList());
    }

    @Test
    void a_campaign_of_all_malls_is_for_everybody_who_was_there() {
        members(MALL, 2);
        members(OTHER_MALL, 3);
        Member late = member(MALL, NOW.plusMillis(1));
        ports.run(() -> ports.members().add(late));
        NoticeCampaign campaign = added(null);

        prepare(10);

        assertThat(counts(campaign).ready()).isEqualTo(5);
        assertThat(recipients(campaign)).extracting(NoticeRecipient::memberId).doesNotContain(late.id());
    }

    @Test
    void a_campaign_for_nobody_is_prepared_at_once() {
        NoticeCampaign campaign = prepared(0);

        assertThat(status(campaign).progress()).isEqualTo(new Progress(0L, 0, Counts.NONE));
        assertThat(publish(10)).isEqualTo(new Page(List.of(), publishedNobody(campaign), true));
        assertThat(end(NEVER)).isTrue();
        assertThat(state(campaign)).isEqualTo(NoticeCampaign.State.DONE);
    }

    /** What stands for nobody is the adapter's to choose. */
    private @Nullable MemberId publishedNobody(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().ready(new Step(campaign, 0, Phase.PUBLISHING), 1))
                .last();
    }

    @Test
    void who_wants_no_notices_or_cannot_be_reached_is_excluded_with_the_reason() {
        List<Member.Key> ours = members(MALL, 3);
        ports.run(() -> ports.members().refuseNotices(ours.get(0), true));
        ports.forgetContactData(ours.get(1));
        NoticeCampaign campaign = added(MALL);

        prepare(10);

        assertThat(status(campaign).progress()).isEqualTo(new Progress(3L, 0, new Counts(1, 0, 0, 0, 0, 1, 1, 0)));
        assertThat(recipients(campaign))
                .extracting(NoticeRecipient::code)
                .containsExactly("refused", "no-contact-data", null);
        assertThat(publish(10).members()).containsExactly(ours.get(2));
    }

    @Test
    void requests_are_published_page_by_page_of_those_who_are_ready() {
        NoticeCampaign campaign = prepared(5);
        List<MemberId> ours =
                recipients(campaign).stream().map(NoticeRecipient::memberId).toList();

        assertThat(publish(2).members()).extracting(Member.Key::memberId).isEqualTo(ours.subList(0, 2));
        assertThat(publish(2).members()).extracting(Member.Key::memberId).isEqualTo(ours.subList(2, 4));
        assertThat(status(campaign).progress().published()).isEqualTo(4);
        Page last = publish(2);

        assertThat(last.members()).extracting(Member.Key::memberId).isEqualTo(ours.subList(4, 5));
        assertThat(last.end()).isTrue();
        assertThat(leased().phase()).isEqualTo(Phase.ENDING);
    }

    @Test
    void a_page_of_which_nothing_is_safe_comes_again() {
        NoticeCampaign campaign = prepared(2);
        Step step = leased();

        ports.run(() -> ports.campaigns().published(step, null, 0, false));

        assertThat(publish(10).members()).hasSize(2);
        assertThat(status(campaign).progress().published()).isEqualTo(2);
    }

    @Test
    void who_comes_after_its_lease_ran_out_moves_nothing() {
        NoticeCampaign campaign = prepared(2);
        Step late = await().until(() -> inOne(() -> ports.campaigns().lease(Duration.ofMillis(1))), Optional::isPresent)
                .orElseThrow();
        leased();

        MemberId first = recipients(campaign).getFirst().memberId();
        ports.run(() -> ports.campaigns().published(late, first, 1, true));

        assertThat(status(campaign).progress().published()).isZero();
        assertThat(lease()).as("still with the second").isEmpty();
    }

    @Test
    void a_campaign_is_done_when_nobody_is_left_and_no_call_is_open() {
        NoticeCampaign campaign = prepared(2);
        publish(10);
        Call call = begin(campaign);
        assertThat(end(NEVER)).as("in a call").isFalse();
        assertThat(lease()).as("looked at again in a second").isEmpty();
        ended(campaign, call, NoticeRecipient.State.UNKNOWN);
        await().until(() -> inOne(() -> {
            Optional<Step> step = ports.campaigns().lease(LEASE);
            step.ifPresent(one -> assertThat(ports.campaigns().end(one, Duration.ZERO))
                    .as("to be looked up")
                    .isFalse());
            return step.isPresent();
        }));

        inOne(() -> ports.calls().resolve(ports.calls().lease(LEASE).orElseThrow(), List.of(), NOW, null));
        assertThat(await().until(
                                () -> inOne(() -> ports.campaigns()
                                        .lease(LEASE)
                                        .map(step -> ports.campaigns().end(step, NEVER))),
                                Optional::isPresent))
                .contains(true);

        assertThat(state(campaign)).isEqualTo(NoticeCampaign.State.DONE);
        assertThat(lease()).isEmpty();
        Duration elapsed = status(campaign).elapsed();
        assertThat(status(campaign).elapsed())
                .as("stands still")
                .isEqualTo(elapsed)
                .isNotNull();
    }

    @Test
    void where_some_are_ready_and_nothing_ends_their_requests_are_published_again() {
        NoticeCampaign campaign = prepared(3);
        publish(10);
        MemberId sent = recipients(campaign).getFirst().memberId();
        var call = new Call(uuid(), campaign.id(), campaign.channel(), NOW, LEASE);
        ports.run(() -> ports.calls().begin(call, List.of(sent)));
        ports.run(() -> ports.calls()
                .end(
                        call.id(),
                        List.of(new Ended(sent, NoticeRecipient.State.ACCEPTED, "r", false)),
                        NOW,
                        Duration.ZERO));

        assertThat(end(NEVER)).as("not long enough").isFalse();
        await().until(() -> inOne(() -> ports.campaigns()
                .lease(LEASE)
                .map(step -> ports.campaigns().end(step, Duration.ZERO))
                .orElse(false)));

        assertThat(status(campaign).progress().published()).isEqualTo(1);
        assertThat(publish(10).members()).hasSize(2);
        assertThat(status(campaign).progress().published()).isEqualTo(3);
    }

    @Test
    void the_longer_nothing_ended_before_a_pass_the_longer_the_next_one_waits() {
        prepared(2);
        Instant before = Instant.now();
        publish(10);
        Duration stall = Duration.ofMillis(50);

        await().until(() -> inOne(() -> ports.campaigns()
                .lease(LEASE)
                .map(step -> ports.campaigns().end(step, stall))
                .orElse(false)));

        assertThat(Duration.between(before, Instant.now()))
                .as("the campaign was made long ago, so the longest wait counts")
                .isGreaterThanOrEqualTo(stall.multipliedBy(12));
    }

    @Test
    void a_stopped_campaign_is_not_leased_and_goes_on_with_those_who_are_ready() {
        NoticeCampaign campaign = prepared(3);
        publish(2);
        Step before = leased();

        ports.run(() -> ports.campaigns().stop(campaign.id(), NoticeCampaign.State.PAUSED));
        assertThat(state(campaign)).isEqualTo(NoticeCampaign.State.PAUSED);
        assertThat(lease()).isEmpty();
        ports.run(() -> ports.campaigns().resume(campaign.id()));
        ports.run(() -> ports.campaigns().published(before, null, 1, true));

        assertThat(state(campaign)).isEqualTo(NoticeCampaign.State.SENDING);
        assertThat(publish(10).members())
                .as("from the start, whatever was leased before")
                .hasSize(3);
    }

    @Test
    void a_campaign_that_was_stopped_before_it_was_prepared_goes_on_preparing() {
        members(MALL, 3);
        NoticeCampaign campaign = added(MALL);
        prepare(2);

        ports.run(() -> ports.campaigns().stop(campaign.id(), NoticeCampaign.State.PAUSED));
        assertThat(lease()).isEmpty();
        ports.run(() -> ports.campaigns().resume(campaign.id()));
        assertThat(state(campaign)).isEqualTo(NoticeCampaign.State.PREPARING);
        prepare(2);

        assertThat(status(campaign).progress().total()).isEqualTo(3);
    }

    @Test
    void evidence_comes_in_pages_by_id() {
        NoticeCampaign campaign = prepared(3);
        begin(campaign);
        List<NoticeRecipient> all = recipients(campaign);

        assertThat(all).allSatisfy(one -> {
            assertThat(one.begunAt()).isEqualTo(NOW);
            assertThat(one.callId()).isNotNull();
            assertThat(one.state()).isEqualTo(NoticeRecipient.State.SENDING);
        });
        assertThat(inOne(() -> ports.campaigns().recipients(campaign.id(), null, 2)))
                .isEqualTo(all.subList(0, 2));
        assertThat(inOne(() ->
                        ports.campaigns().recipients(campaign.id(), all.get(1).memberId(), 2)))
                .isEqualTo(all.subList(2, 3));
        assertThat(inOne(() ->
                        ports.campaigns().recipients(campaign.id(), all.get(2).memberId(), 2)))
                .isEmpty();
    }
}
