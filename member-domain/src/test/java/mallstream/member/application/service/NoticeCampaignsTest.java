package mallstream.member.application.service;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.OTHER_MALL;
import static mallstream.member.ports.Some.keyOf;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.in.AdvanceNoticeCampaigns;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.ControlNoticeCampaign;
import mallstream.member.application.port.in.ControlNoticeCampaign.Result;
import mallstream.member.application.port.in.ManageNoticeTemplates;
import mallstream.member.application.port.in.ReadNoticeCampaign;
import mallstream.member.application.port.in.ResolveNoticeCalls;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.StartNoticeCampaign.CampaignOrder;
import mallstream.member.application.port.in.StartNoticeCampaign.Result.AlreadyOpen;
import mallstream.member.application.port.in.StartNoticeCampaign.Result.NoSuchTemplate;
import mallstream.member.application.port.in.StartNoticeCampaign.Result.Started;
import mallstream.member.application.port.out.NoticeCalls.Call;
import mallstream.member.application.port.out.NoticeCalls.Claimed;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.port.out.SendNotices.Notice;
import mallstream.member.application.port.out.SendNotices.Recipient;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Event;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign.Command;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeCampaign.State;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.RequestKey;
import mallstream.member.model.Unavailable;
import mallstream.member.ports.Fakes;
import mallstream.member.ports.HandClock;
import mallstream.member.ports.StandInGateway;
import mallstream.member.ports.StandInGateway.Fate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoticeCampaignsTest {
    private static final RequestKey KEY = new RequestKey("shop", "POST", "/c", "k-1", new byte[] {1});
    private static final RequestKey OTHER_KEY = new RequestKey("shop", "POST", "/c", "k-2", new byte[] {1});
    private static final Duration CALL = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofMinutes(1);
    private static final Duration STALL = Duration.ofMinutes(5);
    private static final NoticeSettings SETTINGS = new NoticeSettings(CALL, SETTLE, STALL);

    private final HandClock clock = new HandClock("2026-01-03T00:00:00Z");
    private final Fakes ports = new Fakes(clock);
    private final UseCases useCases = new UseCases(ports, clock);
    private final StartNoticeCampaign start = useCases.startCampaign();
    private final ReadNoticeCampaign read = useCases.readCampaign();
    private final ControlNoticeCampaign control = useCases.controlCampaign();
    private final ManageNoticeTemplates templates = useCases.manageTemplates();
    private final Broker broker = new Broker();
    private final StandInGateway gateway = new StandInGateway(NoticeChannel.ALIMTALK, 1000);
    private final AdvanceNoticeCampaigns advance = useCases.advanceCampaigns(broker, SETTINGS);
    private final ResolveNoticeCalls resolve = useCases.resolveCalls(gateway, broker, SETTINGS);

    private static CampaignOrder order(@Nullable MallId mall) {
        return new CampaignOrder(mall, 2026, NoticeChannel.ALIMTALK, "NOTICE", null);
    }

    private static CampaignOrder mail(@Nullable Integer version) {
        return new CampaignOrder(MALL, 2026, NoticeChannel.MAIL, "PRIVACY", version);
    }

    private CampaignId started(@Nullable MallId mall) {
        return id(start.start(order(mall), null));
    }

    private static CampaignId id(Answer<StartNoticeCampaign.Result> answer) {
        return ((Started) ((Answer.Given<StartNoticeCampaign.Result>) answer).value()).campaignId();
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

    private State state(CampaignId id) {
        return read.read(id).orElseThrow().campaign().state();
    }

    private void advanceAll() {
        while (advance.advance() > 0) {
            // The condition does the work.
        }
    }

    private static Counts ready(long ready) {
        return new Counts(ready, 0, 0, 0, 0, 0, 0, 0);
    }

    /** What the reaction does, up to a point: a call whose answer never comes. */
    private UUID called(CampaignId id, SendNotices sender, List<Member.Key> members) {
        var call = new Call(uuid(), id, sender.channel(), clock.instant(), CALL);
        List<Claimed> claimed = ports.transactions()
                .inOne(() -> ports.calls()
                        .begin(call, members.stream().map(Member.Key::memberId).toList()));
        try {
            sender.send(new Notice(
                    call.id(),
                    "NOTICE",
                    null,
                    claimed.stream()
                            .map(one -> new Recipient(one.rowId(), one.address(), one.name()))
                            .toList()));
        } catch (StandInGateway.Killed e) {
            return call.id();
        }
        return call.id();
    }

    @Test
    void the_same_key_starts_one_campaign() {
        Answer<StartNoticeCampaign.Result> first = start.start(order(MALL), KEY);

        assertThat(start.start(order(MALL), KEY)).isEqualTo(first);
        assertThat(ports.transactions().inOne(() -> ports.campaigns().lease(CALL)))
                .isPresent();
        assertThat(ports.transactions().inOne(() -> ports.campaigns().lease(CALL)))
                .isEmpty();
    }

    @Test
    void while_a_campaign_is_open_none_is_started_for_the_same_people() {
        CampaignId open = id(start.start(order(MALL), KEY));
        Answer<StartNoticeCampaign.Result> refused = new Answer.Given<>(new AlreadyOpen(open));

        assertThat(start.start(order(MALL), null)).isEqualTo(refused);
        assertThat(start.start(order(null), null)).isEqualTo(refused);
        assertThat(id(start.start(order(MALL), KEY))).as("the same key").isEqualTo(open);
        control.control(open, Command.PAUSE);
        assertThat(start.start(order(MALL), OTHER_KEY)).isEqualTo(refused);

        control.control(open, Command.CANCEL);
        assertThat(id(start.start(order(MALL), OTHER_KEY)))
                .as("a refusal uses up no key")
                .isNotEqualTo(open);
    }

    @Test
    void a_bad_order_is_refused() {
        assertThatThrownBy(() -> start.start(new CampaignOrder(MALL, 1, NoticeChannel.ALIMTALK, "NOTICE", null), null))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> start.start(new CampaignOrder(MALL, 2026, NoticeChannel.ALIMTALK, "N", 0), null))
                .isInstanceOf(InvalidValue.class);
    }

    @Test
    void a_campaign_by_mail_pins_the_newest_text_or_the_one_that_is_asked_for() {
        assertThat(start.start(mail(null), KEY)).isEqualTo(new Answer.Given<>(new NoSuchTemplate()));
        templates.put("PRIVACY", "first", "body");
        templates.put("PRIVACY", "second", "body");

        CampaignId newest = id(start.start(mail(null), KEY));
        control.control(newest, Command.CANCEL);
        CampaignId first = id(start.start(mail(1), null));

        assertThat(start.start(mail(3), null)).isEqualTo(new Answer.Given<>(new NoSuchTemplate()));
        assertThat(read.read(newest).orElseThrow().campaign().templateVersion()).isEqualTo(2);
        assertThat(read.read(first).orElseThrow().campaign().templateVersion()).isEqualTo(1);
    }

    @Test
    void a_text_that_says_the_same_is_no_new_version() {
        var first = templates.put("PRIVACY", "subject", "body");
        var again = templates.put("PRIVACY", "subject", "body");
        var other = templates.put("PRIVACY", "subject", "another body");

        assertThat(first.isNew()).isTrue();
        assertThat(again).isEqualTo(new ManageNoticeTemplates.Put(first.template(), false));
        assertThat(other.template().version()).isEqualTo(2);
        assertThat(templates.versions("PRIVACY")).containsExactly(other.template(), first.template());
        assertThatThrownBy(() -> templates.put("PRIVACY", "two\r\nBcc: lines", "body"))
                .isInstanceOf(InvalidValue.class)
                .hasMessageStartingWith("subject");
    }

    @Test
    void members_are_counted_first_and_then_their_requests_go_out_page_by_page() {
        List<Member.Key> ours = added(MALL, 1500);
        added(OTHER_MALL, 3);
        CampaignId id = started(MALL);

        advance.advance();
        assertThat(progress(id)).isEqualTo(new Progress(null, 0, ready(1000)));
        advance.advance();
        assertThat(progress(id)).isEqualTo(new Progress(1500L, 0, ready(1500)));
        assertThat(broker.topic).isEmpty();
        advance.advance();
        assertThat(progress(id)).isEqualTo(new Progress(1500L, 1000, ready(1500)));
        advanceAll();

        assertThat(broker.members()).isEqualTo(ours);
        assertThat(broker.largest).isEqualTo(1000);
        assertThat(broker.topic)
                .allSatisfy(event ->
                        assertThat(((NoticeRequested) event).campaignId()).isEqualTo(id));
        assertThat(progress(id)).isEqualTo(new Progress(1500L, 1500, ready(1500)));
    }

    @Test
    void preparing_goes_on_where_a_crash_stopped_it() {
        added(MALL, 2500);
        CampaignId id = started(MALL);
        advance.advance();
        ports.transactions().failAfter(0);

        assertThatThrownBy(advance::advance).isInstanceOf(Unavailable.class);
        advance.advance();
        advance.advance();

        assertThat(progress(id)).isEqualTo(new Progress(2500L, 0, ready(2500)));
    }

    @Test
    void publishing_goes_on_at_the_first_request_that_is_not_safe() {
        List<Member.Key> ours = added(MALL, 10);
        CampaignId id = started(MALL);
        advance.advance();
        broker.safe = List.of(true, true, true, false, true, true, true, true, true, true);

        assertThat(advance.advance()).isEqualTo(3);
        assertThat(progress(id).published()).isEqualTo(3);
        broker.topic.clear();
        broker.safe = null;
        advance.advance();

        assertThat(broker.members()).isEqualTo(ours.subList(3, 10));
        assertThat(progress(id).published()).isEqualTo(10);
        assertThat(advance.advance()).as("nobody has an answer yet").isZero();
    }

    @Test
    void a_broker_that_takes_nothing_leaves_the_campaign_where_it_was() {
        added(MALL, 2);
        CampaignId id = started(MALL);
        advance.advance();
        broker.safe = List.of(false, false);

        assertThat(advance.advance()).isZero();
        broker.safe = null;
        assertThat(advance.advance()).isEqualTo(1);
        assertThat(progress(id).published()).isEqualTo(2);
    }

    @Test
    void a_page_that_was_published_and_not_recorded_comes_again_after_the_lease() {
        added(MALL, 2);
        CampaignId id = started(MALL);
        advance.advance();
        ports.transactions().failAfter(1);

        assertThatThrownBy(advance::advance).isInstanceOf(Unavailable.class);
        assertThat(advance.advance()).as("the lease still holds").isZero();
        clock.pass(Duration.ofMinutes(2));
        assertThat(advance.advance()).isEqualTo(1);
        assertThat(progress(id).published()).as("counted once").isEqualTo(2);
    }

    @Test
    void a_campaign_without_members_is_done_at_once() {
        CampaignId id = started(null);
        ports.run(() -> ports.members().add(member(MALL, clock.instant().plusMillis(1))));

        advanceAll();

        assertThat(progress(id)).isEqualTo(new Progress(0L, 0, Counts.NONE));
        assertThat(state(id)).isEqualTo(State.DONE);
        assertThat(broker.topic).isEmpty();
    }

    @Test
    void where_nothing_ends_for_a_while_the_requests_of_who_is_ready_go_out_again() {
        List<Member.Key> ours = added(MALL, 3);
        CampaignId id = started(MALL);
        advanceAll();
        broker.topic.clear();

        clock.pass(STALL.minusSeconds(1));
        advanceAll();
        assertThat(broker.topic).isEmpty();
        clock.pass(Duration.ofSeconds(2));
        advanceAll();

        assertThat(broker.members()).isEqualTo(ours);
        assertThat(progress(id).published()).isEqualTo(3);
    }

    @Test
    void who_is_turned_down_for_the_moment_comes_again_ever_later_until_the_channel_takes_somebody() {
        List<Member.Key> ours = added(MALL, 3);
        CampaignId id = started(MALL);
        advanceAll();

        Instant started = clock.instant();
        var waits = new ArrayList<Long>();
        for (Duration wait = STALL; waits.size() < 7; wait = longest(started)) {
            waits.add(wait.toMinutes());
            broker.topic.clear();
            ended(id, ours, new SendNotices.Result.Later("-7000"));
            clock.pass(wait.minusSeconds(1));
            advanceAll();
            assertThat(broker.topic).as("before %s", wait).isEmpty();
            clock.pass(Duration.ofSeconds(2));
            advanceAll();
            assertThat(broker.members()).as("after %s", wait).isEqualTo(ours);
        }
        assertThat(waits).containsExactly(5L, 5L, 10L, 20L, 40L, 60L, 60L);
        ended(id, ours.subList(0, 1), new SendNotices.Result.Accepted("r"));
        broker.topic.clear();
        clock.pass(STALL.plusSeconds(1));
        advanceAll();

        assertThat(broker.members()).isEqualTo(ours.subList(1, 3));
        assertThat(progress(id).counts()).isEqualTo(new Counts(2, 0, 1, 0, 0, 0, 0, 0));
    }

    /** As long as since the start, at the most an hour. */
    private Duration longest(Instant started) {
        Duration past = Duration.between(started, clock.instant());
        return past.compareTo(Duration.ofHours(1)) < 0 ? past : Duration.ofHours(1);
    }

    private void ended(CampaignId id, List<Member.Key> members, SendNotices.Result as) {
        var call = new Call(uuid(), id, NoticeChannel.ALIMTALK, clock.instant(), CALL);
        ports.run(() -> ports.calls()
                .end(
                        call.id(),
                        ports
                                .calls()
                                .begin(
                                        call,
                                        members.stream()
                                                .map(Member.Key::memberId)
                                                .toList())
                                .stream()
                                .map(one -> Ended.of(one.memberId(), one.attempts(), as))
                                .toList(),
                        clock.instant(),
                        SETTLE));
    }

    @Test
    void while_the_channel_takes_nothing_no_pass_begins() {
        List<Member.Key> ours = added(MALL, 3);
        CampaignId id = started(MALL);
        advanceAll();
        broker.topic.clear();

        for (int i = 0; i < 60; i++) {
            clock.pass(Duration.ofMinutes(4));
            ended(id, ours, new SendNotices.Result.NotSent());
            advanceAll();
        }

        assertThat(broker.topic).isEmpty();
    }

    @Test
    void of_a_call_that_was_looked_up_who_was_turned_down_waits_for_the_next_pass() {
        List<Member.Key> ours = added(MALL, 2);
        CampaignId id = started(MALL);
        advanceAll();
        gateway.result(recipient -> new SendNotices.Result.Later("-7000"));
        lost(id, ours.subList(0, 1), gateway);
        lost(id, ours.subList(1, 2), gateway, Fate.REQUEST_LOST);
        broker.topic.clear();
        clock.pass(SETTLE);

        assertThat(resolve.resolve() + resolve.resolve()).isEqualTo(2);

        assertThat(progress(id).counts()).isEqualTo(ready(2));
        assertThat(broker.members()).isEqualTo(ours.subList(1, 2));
    }

    @Test
    void a_campaign_pauses_goes_on_and_ends_as_people_say() {
        List<Member.Key> ours = added(MALL, 3);
        CampaignId id = started(MALL);
        advanceAll();

        assertThat(control.control(id, Command.PAUSE)).isEqualTo(Result.FOLLOWED);
        assertThat(control.control(id, Command.PAUSE)).isEqualTo(Result.FOLLOWED);
        assertThat(state(id)).isEqualTo(State.PAUSED);
        clock.pass(STALL.multipliedBy(2));
        broker.topic.clear();
        advanceAll();
        assertThat(broker.topic).isEmpty();

        assertThat(control.control(id, Command.RESUME)).isEqualTo(Result.FOLLOWED);
        assertThat(control.control(id, Command.RESUME)).isEqualTo(Result.FOLLOWED);
        advanceAll();
        assertThat(broker.members()).isEqualTo(ours);

        assertThat(control.control(id, Command.CANCEL)).isEqualTo(Result.FOLLOWED);
        assertThat(control.control(id, Command.CANCEL)).isEqualTo(Result.FOLLOWED);
        assertThat(control.control(id, Command.RESUME)).isEqualTo(Result.NOT_ALLOWED);
        assertThat(control.control(id, Command.PAUSE)).isEqualTo(Result.NOT_ALLOWED);
        assertThat(state(id)).isEqualTo(State.CANCELLED);
        assertThat(progress(id).counts()).isEqualTo(ready(3));
        assertThat(control.control(new CampaignId(uuid()), Command.PAUSE)).isEqualTo(Result.NO_SUCH_CAMPAIGN);
    }

    @Test
    void a_campaign_that_is_done_follows_nothing() {
        CampaignId id = started(MALL);
        advanceAll();

        for (Command command : Command.values()) {
            assertThat(control.control(id, command)).isEqualTo(Result.NOT_ALLOWED);
        }
        assertThat(state(id)).isEqualTo(State.DONE);
    }

    @Test
    void a_call_whose_sender_died_is_looked_up_once_it_has_settled_and_everybody_gets_one_notice() {
        List<Member.Key> ours = added(MALL, 4);
        CampaignId id = started(MALL);
        advanceAll();
        gateway.fate(Fate.KILLED_AFTER);
        called(id, gateway, ours.subList(0, 2));
        gateway.fate(Fate.KILLED_BEFORE);
        called(id, gateway, ours.subList(2, 4));
        broker.topic.clear();

        assertThat(resolve.resolve()).as("while the lease holds").isZero();
        clock.pass(CALL);
        assertThat(resolve.resolve()).isEqualTo(1);
        assertThat(resolve.resolve()).isEqualTo(1);
        assertThat(progress(id).counts()).isEqualTo(new Counts(0, 0, 0, 0, 4, 0, 0, 0));
        assertThat(resolve.resolve()).as("until it has settled").isZero();
        assertThat(resolve.lost()).isEqualTo(2);
        assertThat(resolve.oldestAge()).isEqualTo(CALL);
        clock.pass(SETTLE);
        assertThat(resolve.resolve()).isEqualTo(1);
        assertThat(resolve.resolve()).isEqualTo(1);

        assertThat(progress(id).counts()).isEqualTo(new Counts(2, 0, 2, 0, 0, 0, 0, 0));
        assertThat(broker.members()).as("those alone").isEqualTo(ours.subList(2, 4));
        assertThat(gateway.messages()).hasSize(2).containsValue(1);
        assertThat(resolve.resolve()).isZero();
    }

    @Test
    void a_gateway_that_cannot_be_asked_is_asked_again_ever_more_slowly_and_nothing_is_sent() {
        List<Member.Key> ours = added(MALL, 1);
        CampaignId id = started(MALL);
        advanceAll();
        lost(id, ours, gateway);
        gateway.canBeAsked(false);
        broker.topic.clear();
        clock.pass(SETTLE);

        for (int seconds : new int[] {10, 20, 40, 80, 160, 320, 600, 600}) {
            assertThat(resolve.resolve()).isZero();
            clock.pass(Duration.ofSeconds(seconds - 1));
            gateway.canBeAsked(true);
            assertThat(resolve.resolve()).as("not before %d s", seconds).isZero();
            assertThat(progress(id).counts().unknown()).isEqualTo(1);
            gateway.canBeAsked(false);
            clock.pass(Duration.ofSeconds(1));
        }
        gateway.canBeAsked(true);
        assertThat(resolve.resolve()).isEqualTo(1);

        assertThat(progress(id).counts().accepted()).isEqualTo(1);
        assertThat(broker.topic).isEmpty();
        assertThat(gateway.calls()).hasSize(1);
    }

    private void lost(CampaignId id, List<Member.Key> members, StandInGateway by) {
        lost(id, members, by, Fate.ANSWER_LOST);
    }

    private void lost(CampaignId id, List<Member.Key> members, StandInGateway by, Fate how) {
        by.fate(how);
        UUID call = called(id, by, members);
        ports.run(() -> ports.calls()
                .end(
                        call,
                        members.stream()
                                .map(key -> new Ended(key.memberId(), NoticeRecipient.State.UNKNOWN, null, false))
                                .toList(),
                        clock.instant(),
                        SETTLE));
    }

    @Test
    void a_gateway_that_does_not_know_yet_is_asked_ten_times_and_then_it_stays_unknown() {
        List<Member.Key> ours = added(MALL, 1);
        CampaignId id = started(MALL);
        advanceAll();
        lost(id, ours, gateway);
        gateway.lookUpSays(new SendNotices.Result.Unknown());

        int asked = 0;
        clock.pass(Duration.ofHours(1));
        while (resolve.resolve() > 0) {
            asked++;
            clock.pass(Duration.ofHours(1));
        }
        advanceAll();

        assertThat(asked).isEqualTo(10);
        assertThat(progress(id).counts()).isEqualTo(new Counts(0, 0, 0, 0, 1, 0, 0, 0));
        assertThat(state(id)).isEqualTo(State.DONE);
    }

    @Test
    void of_a_channel_that_cannot_be_asked_it_stays_unknown_and_is_seen() {
        templates.put("PRIVACY", "subject", "body");
        var post = new StandInGateway(NoticeChannel.MAIL, 10);
        post.knows(false);
        List<Member.Key> ours = added(MALL, 1);
        CampaignId id = id(start.start(mail(null), null));
        advanceAll();
        lost(id, ours, post);
        broker.topic.clear();
        clock.pass(SETTLE);

        assertThat(useCases.resolveCalls(post, broker, SETTINGS).resolve()).isEqualTo(1);
        advanceAll();

        assertThat(progress(id).counts()).isEqualTo(new Counts(0, 0, 0, 0, 1, 0, 0, 0));
        assertThat(broker.topic).isEmpty();
        assertThat(state(id)).isEqualTo(State.DONE);
    }

    @Test
    void rate_and_end_are_told_from_what_is_finished() {
        List<Member.Key> ours = added(MALL, 10);
        CampaignId id = started(MALL);
        advanceAll();
        assertPace(id, 0, null);

        var call = new Call(uuid(), id, NoticeChannel.ALIMTALK, clock.instant(), CALL);
        List<MemberId> four = ours.stream().limit(4).map(Member.Key::memberId).toList();
        ports.run(() -> ports.calls().begin(call, four));
        clock.pass(Duration.ofSeconds(2));
        ports.run(() -> ports.calls()
                .end(
                        call.id(),
                        four.stream()
                                .map(one -> new Ended(one, NoticeRecipient.State.ACCEPTED, null, false))
                                .toList(),
                        clock.instant(),
                        SETTLE));

        var view = read.read(id).orElseThrow();
        assertThat(view.perSecond()).isEqualTo(2.0);
        assertThat(view.estimatedEnd()).isEqualTo(clock.instant().plusSeconds(3));
        assertThat(view.progress()).isEqualTo(new Progress(10L, 10, new Counts(6, 0, 4, 0, 0, 0, 0, 0)));
        control.control(id, Command.PAUSE);
        assertThat(read.read(id).orElseThrow().estimatedEnd()).isNull();
        control.control(id, Command.CANCEL);
        clock.pass(Duration.ofHours(1));
        assertThat(read.read(id).orElseThrow().perSecond())
                .as("of its own time")
                .isEqualTo(2.0);
    }

    private void assertPace(CampaignId id, double perSecond, @Nullable Instant end) {
        var view = read.read(id).orElseThrow();
        assertThat(view.perSecond()).isEqualTo(perSecond);
        assertThat(view.estimatedEnd()).isEqualTo(end);
    }

    @Test
    void after_a_pause_rate_and_end_are_of_the_time_since_it_went_on() {
        List<Member.Key> ours = added(MALL, 10);
        CampaignId id = started(MALL);
        advanceAll();
        accepted(id, ours.subList(0, 4));
        control.control(id, Command.PAUSE);
        clock.pass(Duration.ofHours(2));
        assertThat(read.read(id).orElseThrow().perSecond())
                .as("up to the last result")
                .isEqualTo(4.0);

        control.control(id, Command.RESUME);
        advanceAll();
        assertPace(id, 0, null);
        accepted(id, ours.subList(4, 7));

        assertPace(id, 3.0, clock.instant().plusSeconds(1));
    }

    @Test
    void an_outage_is_in_no_rate() {
        List<Member.Key> ours = added(MALL, 10);
        CampaignId id = started(MALL);
        advanceAll();
        accepted(id, ours.subList(0, 4));
        for (int i = 0; i < 240; i++) {
            clock.pass(Duration.ofSeconds(30));
            ended(id, ours, new SendNotices.Result.NotSent());
            advanceAll();
        }
        assertPace(id, 0, null);

        accepted(id, ours.subList(4, 7));

        assertPace(id, 3.0, clock.instant().plusSeconds(1));
    }

    @Test
    void a_pass_is_counted_from_its_own_beginning() {
        List<Member.Key> ours = added(MALL, 10);
        CampaignId id = started(MALL);
        advanceAll();
        accepted(id, ours.subList(0, 4));
        clock.pass(STALL.plusSeconds(2));
        advanceAll();

        accepted(id, ours.subList(4, 7));

        assertThat(read.read(id).orElseThrow().perSecond()).isEqualTo(3.0);
    }

    /** A call that takes a second. */
    private void accepted(CampaignId id, List<Member.Key> members) {
        var call = new Call(uuid(), id, NoticeChannel.ALIMTALK, clock.instant(), CALL);
        List<MemberId> ids = members.stream().map(Member.Key::memberId).toList();
        ports.run(() -> ports.calls().begin(call, ids));
        clock.pass(Duration.ofSeconds(1));
        ports.run(() -> ports.calls()
                .end(
                        call.id(),
                        ids.stream()
                                .map(one -> new Ended(one, NoticeRecipient.State.ACCEPTED, null, false))
                                .toList(),
                        clock.instant(),
                        SETTLE));
    }

    @Test
    void a_campaign_that_is_not_there_is_not_found() {
        assertThat(read.read(new CampaignId(uuid()))).isEmpty();
    }

    private final class Broker implements PublishEvents {
        private final List<Event> topic = new ArrayList<>();
        private @Nullable List<Boolean> safe;
        private int largest;

        @Override
        public List<Boolean> publish(List<? extends Event> events) {
            ports.transactions().mustBeClosed();
            topic.addAll(events);
            largest = Math.max(largest, events.size());
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
