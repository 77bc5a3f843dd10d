package mallstream.member.application.reaction;

import static java.util.stream.Collectors.groupingBy;
import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mallstream.member.application.port.in.AdvanceNoticeCampaigns;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.NoticeReaction;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.ResolveNoticeCalls;
import mallstream.member.application.port.in.StartNoticeCampaign;
import mallstream.member.application.port.in.StartNoticeCampaign.CampaignOrder;
import mallstream.member.application.port.in.StartNoticeCampaign.Result.Started;
import mallstream.member.application.port.out.NoticeCampaigns.Phase;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.service.UseCases;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Event;
import mallstream.member.model.Member;
import mallstream.member.model.NoticeCampaign.Command;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeCampaign.State;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.Unavailable;
import mallstream.member.ports.Database;
import mallstream.member.ports.StandInGateway;
import mallstream.member.ports.StandInGateway.Fate;
import mallstream.member.ports.Together;
import org.junit.jupiter.api.Test;

/** Campaigns from the start to the end in a real database, with a topic and a gateway that do what they do on bad days. */
class NoticeCampaignIT {
    private static final NoticeSettings SETTINGS =
            new NoticeSettings(Duration.ofMinutes(2), Duration.ZERO, Duration.ofMinutes(5));

    private final Database database = Database.emptied();
    private final UseCases useCases = new UseCases(database, Clock.systemUTC());
    private final StandInGateway gateway = new StandInGateway(NoticeChannel.ALIMTALK, 100);
    private final ConcurrentLinkedQueue<NoticeRequested> topic = new ConcurrentLinkedQueue<>();
    private final AdvanceNoticeCampaigns advance = useCases.advanceCampaigns(this::publish, SETTINGS);
    private final ResolveNoticeCalls resolve = useCases.resolveCalls(gateway, this::publish, SETTINGS);
    private final NoticeReaction reaction = reaction(gateway);

    private NoticeReaction reaction(SendNotices sender) {
        return new GatewayNoticeReaction(
                database.transactions(),
                database.campaigns(),
                database.calls(),
                database.templates(),
                List.of(sender),
                SETTINGS,
                Clock.systemUTC(),
                RANDOM);
    }

    private List<Boolean> publish(List<? extends Event> events) {
        events.forEach(event -> topic.add((NoticeRequested) event));
        return Collections.nCopies(events.size(), true);
    }

    private CampaignId started(int members) {
        database.run(() -> {
            for (int i = 0; i < members; i++) {
                database.members().add(member(MALL));
            }
        });
        var order = new CampaignOrder(MALL, 2026, NoticeChannel.ALIMTALK, "NOTICE", null);
        var answer = (Answer.Given<StartNoticeCampaign.Result>)
                useCases.startCampaign().start(order, null);
        return ((Started) answer.value()).campaignId();
    }

    /** What timers do. A campaign whose step ended just now may be leased a microsecond later. */
    private void timersRun() {
        for (int idle = 0; idle < 3; ) {
            idle = advance.advance() + resolve.resolve() > 0 ? 0 : idle + 1;
        }
    }

    private List<NoticeRequested> polled(int most) {
        var batch = new ArrayList<NoticeRequested>();
        while (batch.size() < most && !topic.isEmpty()) {
            Optional.ofNullable(topic.poll()).ifPresent(batch::add);
        }
        return batch;
    }

    /** What the engine does: all of a batch come again after a failure, and single ones when they say so. */
    private void consume(NoticeReaction instance, List<NoticeRequested> batch) {
        try {
            List<Outcome> outcomes = instance.on(batch);
            for (int i = 0; i < batch.size(); i++) {
                if (outcomes.get(i) instanceof Outcome.TryLater) {
                    topic.add(batch.get(i));
                }
            }
        } catch (Unavailable | StandInGateway.Killed e) {
            topic.addAll(batch);
        }
    }

    private void consumeAll() {
        while (!topic.isEmpty()) {
            consume(reaction, polled(500));
        }
    }

    private Progress progress(CampaignId id) {
        return useCases.readCampaign().read(id).orElseThrow().progress();
    }

    private State state(CampaignId id) {
        return useCases.readCampaign().read(id).orElseThrow().campaign().state();
    }

    private void assertThatCountersAreRows(CampaignId id) {
        Map<String, Long> rows =
                database.transactions().inOne(() -> database.campaigns().recipients(id, null, 100_000)).stream()
                        .collect(groupingBy(
                                row -> row.state() == NoticeRecipient.State.EXCLUDED
                                        ? String.valueOf(row.code())
                                        : row.state().name(),
                                Collectors.counting()));
        assertThat(progress(id).counts())
                .isEqualTo(new Counts(
                        rows.getOrDefault("READY", 0L),
                        rows.getOrDefault("SENDING", 0L),
                        rows.getOrDefault("ACCEPTED", 0L),
                        rows.getOrDefault("REJECTED", 0L),
                        rows.getOrDefault("UNKNOWN", 0L),
                        rows.getOrDefault("refused", 0L),
                        rows.getOrDefault("no-contact-data", 0L),
                        rows.getOrDefault("withdrawn", 0L)));
    }

    private void assertThatEverybodyGotOne(int members) {
        assertThat(gateway.messages()).hasSize(members);
        assertThat(gateway.messages().values()).containsOnly(1);
    }

    @Test
    void two_instances_with_the_same_records_crashes_and_lost_answers_send_everybody_one_notice() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        CampaignId id = started(3000);
        Fate[] fates = Fate.values();
        gateway.fate(notice -> random.nextInt(3) == 0 ? fates[random.nextInt(fates.length)] : Fate.ANSWERED);
        timersRun();

        for (int round = 0; state(id) != State.DONE; round++) {
            assertThat(round).as("rounds, seed %d", seed).isLessThan(100);
            List<NoticeRequested> all = polled(10_000);
            var again = new ArrayList<>(all);
            Collections.shuffle(again, random);
            Together.run(List.<Callable<Boolean>>of(
                    () -> consumed(all, reaction), () -> consumed(again, reaction(gateway)), () -> {
                        timersRun();
                        return true;
                    }));
            assertThatCountersAreRows(id);
            database.noticesWaitNoLonger();
            timersRun();
        }

        assertThat(progress(id).counts()).as("seed %d", seed).isEqualTo(new Counts(0, 0, 3000, 0, 0, 0, 0, 0));
        assertThatEverybodyGotOne(3000);
    }

    private boolean consumed(List<NoticeRequested> records, NoticeReaction instance) {
        for (int from = 0; from < records.size(); from += 500) {
            consume(instance, records.subList(from, Math.min(records.size(), from + 500)));
        }
        return true;
    }

    @Test
    void an_answer_that_comes_after_the_call_was_given_up_changes_nothing_and_the_look_up_finds_it() {
        CampaignId id = started(10);
        timersRun();
        var late = new SlowAnswers();

        assertThat(reaction(late).on(polled(10))).containsOnly(new Outcome.Done());

        assertThat(late.givenUp).isTrue();
        assertThat(progress(id).counts())
                .as("what was given up stays so")
                .isEqualTo(new Counts(0, 0, 0, 0, 10, 0, 0, 0));
        database.noticesWaitNoLonger();
        timersRun();
        assertThat(progress(id).counts()).isEqualTo(new Counts(0, 0, 10, 0, 0, 0, 0, 0));
        assertThat(topic).isEmpty();
        assertThatEverybodyGotOne(10);
        assertThatCountersAreRows(id);
    }

    /** By the time that the answer is there its call has been given up. */
    private final class SlowAnswers implements SendNotices {
        private boolean givenUp;

        @Override
        public NoticeChannel channel() {
            return gateway.channel();
        }

        @Override
        public int most() {
            return gateway.most();
        }

        @Override
        public List<Result> send(Notice notice) {
            List<Result> results = gateway.send(notice);
            database.noticesWaitNoLonger();
            givenUp = database.transactions().inOne(() -> database.calls().giveUp(Instant.now(), Duration.ZERO));
            return results;
        }

        @Override
        public Optional<Map<UUID, Result>> lookUp(UUID callId, Instant begunAt) {
            return gateway.lookUp(callId, begunAt);
        }
    }

    @Test
    void a_campaign_that_is_paused_in_the_middle_goes_on_and_nobody_is_left_out() {
        CampaignId id = started(1000);
        timersRun();
        consume(reaction, polled(400));
        useCases.controlCampaign().control(id, Command.PAUSE);

        consumeAll();
        timersRun();
        assertThat(progress(id).counts()).isEqualTo(new Counts(600, 0, 400, 0, 0, 0, 0, 0));
        useCases.controlCampaign().control(id, Command.RESUME);
        timersRun();
        assertThat(topic).hasSize(600);
        assertThat(progress(id).published()).isEqualTo(1000);
        consumeAll();
        database.noticesWaitNoLonger();
        timersRun();

        assertThat(state(id)).isEqualTo(State.DONE);
        assertThatEverybodyGotOne(1000);
    }

    @Test
    void a_campaign_that_is_cancelled_in_the_middle_sends_nothing_more_and_still_finds_out_what_it_sent() {
        CampaignId id = started(1000);
        timersRun();
        gateway.fate(Fate.ANSWER_LOST);
        consume(reaction, polled(400));
        gateway.fate(Fate.ANSWERED);
        useCases.controlCampaign().control(id, Command.CANCEL);

        consumeAll();
        database.noticesWaitNoLonger();
        timersRun();
        consumeAll();

        assertThat(progress(id).counts()).isEqualTo(new Counts(600, 0, 400, 0, 0, 0, 0, 0));
        assertThat(state(id)).isEqualTo(State.CANCELLED);
        assertThatEverybodyGotOne(400);
    }

    @Test
    void preparing_that_dies_in_a_page_leaves_nothing_of_it_and_goes_on_there() {
        CampaignId id = started(2500);
        advance.advance();

        assertThatThrownBy(() -> database.run(() -> {
                    var step = database.campaigns().lease(Duration.ofMinutes(1)).orElseThrow();
                    assertThat(step.phase()).isEqualTo(Phase.PREPARING);
                    database.campaigns().prepare(step, 1000);
                    throw new StandInGateway.Killed();
                }))
                .isInstanceOf(StandInGateway.Killed.class);
        assertThat(progress(id).counts().ready()).isEqualTo(1000);
        assertThatCountersAreRows(id);
        timersRun();

        assertThat(progress(id).total()).isEqualTo(2500);
        assertThat(topic).hasSize(2500).doesNotHaveDuplicates();
    }

    @Test
    void records_that_are_lost_are_published_again_once_the_campaign_stands_still() {
        CampaignId id = started(1000);
        timersRun();
        consume(reaction, polled(300));
        topic.clear();

        timersRun();
        assertThat(topic).isEmpty();
        database.noticesWaitNoLonger();
        timersRun();
        assertThat(topic).hasSize(700);
        consumeAll();
        database.noticesWaitNoLonger();
        timersRun();

        assertThat(state(id)).isEqualTo(State.DONE);
        assertThatEverybodyGotOne(1000);
    }

    @Test
    void while_the_gateway_takes_nothing_no_request_is_published_a_second_time() {
        CampaignId id = started(10);
        timersRun();
        database.noticesWaitNoLonger();
        gateway.fate(Fate.REFUSED);
        consume(reaction, polled(10));

        timersRun();

        assertThat(topic).as("the ten that come again").hasSize(10);
        assertThat(progress(id).counts()).isEqualTo(new Counts(10, 0, 0, 0, 0, 0, 0, 0));
        gateway.fate(Fate.ANSWERED);
        consumeAll();
        assertThatEverybodyGotOne(10);
    }

    @Test
    void an_hours_long_outage_behind_the_gateway_rejects_nobody() {
        CampaignId id = started(20);
        timersRun();
        gateway.result(recipient -> new SendNotices.Result.Later("-7000"));
        for (int pass = 1; pass < 10; pass++) {
            consumeAll();
            timersRun();
            assertThat(topic).as("not at once, after pass %d", pass).isEmpty();
            database.noticesWaitNoLonger();
            timersRun();
            assertThat(topic).as("after pass %d", pass).hasSize(20);
        }
        gateway.result(recipient -> new SendNotices.Result.Accepted("request-1"));

        consumeAll();
        database.noticesWaitNoLonger();
        timersRun();

        assertThat(state(id)).isEqualTo(State.DONE);
        assertThatEverybodyGotOne(20);
        assertThatCountersAreRows(id);
    }

    @Test
    void a_pass_waits_for_as_long_as_nobody_was_accepted_or_rejected_before_the_one_before_it() {
        CampaignId id = started(10);
        timersRun();
        List<NoticeRequested> requests = polled(10);
        gateway.result(recipient -> new SendNotices.Result.Later("-7000"));
        consume(reaction, requests);

        times(25, 10, 9);
        timersRun();
        assertThat(topic)
                .as("made 25 minutes ago, published 10 minutes ago: 15")
                .isEmpty();
        times(32, 17, 16);
        timersRun();
        assertThat(topic).hasSize(10);
        topic.clear();
        times(32, 31, 2);
        timersRun();
        assertThat(topic).as("calls end").isEmpty();

        gateway.result(recipient -> new SendNotices.Result.Accepted("request-1"));
        consume(reaction, requests.subList(0, 1));
        times(32, 10, 9);
        timersRun();
        assertThat(topic).as("one was accepted since the pass").hasSize(9);
        topic.clear();

        gateway.fate(Fate.REFUSED);
        consume(reaction, requests);
        topic.clear();
        times(60, 31, 2);
        timersRun();
        assertThat(topic).as("calls end, though nothing was taken").isEmpty();
        assertThat(progress(id).counts()).isEqualTo(new Counts(9, 0, 1, 0, 0, 0, 0, 0));
    }

    /** Minutes since the campaign was made, its requests were published, and the last call and the last member ended. */
    private void times(int made, int published, int ended) {
        database.jdbc().sql("""
                        update member.notice_campaign
                        set step_until = now() - interval '1 h', created_at = now() - make_interval(mins => ?),
                            pass_ended_at = now() - make_interval(mins => ?)""").params(made, published).update();
        database.jdbc().sql("""
                        update member.notice_progress
                        set last_at = now() - make_interval(mins => ?),
                            finished_at = case when finished_at is not null then now() - make_interval(mins => ?) end""").params(ended, ended).update();
    }

    @Test
    void who_leaves_or_refuses_between_snapshot_and_sending_gets_nothing() {
        CampaignId id = started(10);
        timersRun();
        List<NoticeRequested> requests = List.copyOf(topic);
        useCases.withdraw().withdraw(keyOf(requests.get(0)));
        useCases.refuseNotices().refuse(keyOf(requests.get(1)), true);

        consumeAll();
        database.noticesWaitNoLonger();
        timersRun();

        assertThat(progress(id).counts()).isEqualTo(new Counts(0, 0, 8, 0, 0, 1, 0, 1));
        assertThat(state(id)).isEqualTo(State.DONE);
        assertThatEverybodyGotOne(8);
    }

    private static Member.Key keyOf(NoticeRequested request) {
        return new Member.Key(request.mallId(), request.memberId());
    }

    @Test
    void neither_an_outage_nor_a_pause_is_in_the_rate() {
        CampaignId id = started(20);
        timersRun();
        consume(reaction, polled(5));
        database.jdbc().sql("""
                        update member.notice_progress
                        set first_at = now() - interval '2 h', finished_at = now() - interval '1 h'""").update();
        assertThat(perSecond(id)).as("5 in two hours").isBetween(0.0, 0.001);

        database.jdbc()
                .sql("update member.notice_campaign set step_until = now() - interval '1 s'")
                .update();
        timersRun();
        assertThat(perSecond(id)).isZero();
        consume(reaction, polled(5));
        assertThat(perSecond(id)).isGreaterThan(0.1);

        useCases.controlCampaign().control(id, Command.PAUSE);
        database.jdbc()
                .sql("update member.notice_campaign set counted_from = now() - interval '2 h'")
                .update();
        useCases.controlCampaign().control(id, Command.RESUME);
        assertThat(perSecond(id)).isZero();
        consume(reaction, polled(5));
        assertThat(perSecond(id)).isGreaterThan(0.1);
    }

    private double perSecond(CampaignId id) {
        return useCases.readCampaign().read(id).orElseThrow().perSecond();
    }

    @Test
    void of_starts_at_the_same_time_one_begins_a_campaign_and_the_others_are_told_of_it() {
        var order = new CampaignOrder(MALL, 2026, NoticeChannel.ALIMTALK, "NOTICE", null);
        Callable<Answer<StartNoticeCampaign.Result>> start =
                () -> useCases.startCampaign().start(order, null);

        List<Answer<StartNoticeCampaign.Result>> answers = Together.run(Collections.nCopies(8, start));

        UUID only = database.jdbc()
                .sql("select id from member.notice_campaign")
                .query(UUID.class)
                .single();
        var others = new Answer.Given<StartNoticeCampaign.Result>(
                new StartNoticeCampaign.Result.AlreadyOpen(new CampaignId(only)));
        assertThat(answers)
                .containsOnlyOnce(new Answer.Given<>(new Started(new CampaignId(only))))
                .filteredOn(others::equals)
                .hasSize(7);
    }

    @Test
    void many_ready_ones_far_behind_many_finished_ones_are_found() {
        CampaignId id = started(1);
        timersRun();
        database.jdbc().sql("""
                        insert into member.notice_recipient (id, campaign_id, member_id, mall_id, state)
                        select gen_random_uuid(), ?, ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid,
                               'mall-1', case when n > 45000 then 'READY' else 'ACCEPTED' end
                        from generate_series(1, 45003) n""").param(id.value()).update();
        topic.clear();
        useCases.controlCampaign().control(id, Command.PAUSE);
        useCases.controlCampaign().control(id, Command.RESUME);

        timersRun();

        assertThat(topic).hasSize(4).doesNotHaveDuplicates();
        assertThat(IntStream.rangeClosed(45_001, 45_003))
                .allMatch(n -> topic.stream()
                        .anyMatch(request -> request.memberId().value().getLeastSignificantBits() == n));
    }
}
