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
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.NoticeCalls.Backlog;
import mallstream.member.application.port.out.NoticeCalls.Call;
import mallstream.member.application.port.out.NoticeCalls.Claimed;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.application.port.out.NoticeCalls.Lost;
import mallstream.member.application.port.out.NoticeCalls.Row;
import mallstream.member.application.port.out.SendNotices.Result;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.NoticeRecipient.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class NoticeCallsContract extends Contract {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration AT_ONCE = Duration.ZERO;

    private final List<Member> members = new ArrayList<>();

    NoticeCallsContract(Ports ports) {
        super(ports);
    }

    private NoticeCampaign sending(int count) {
        return sending(count, NoticeChannel.ALIMTALK);
    }

    private NoticeCampaign sending(int count, NoticeChannel channel) {
        NoticeCampaign campaign = campaign(MALL, channel);
        ports.run(() -> {
            for (int i = 0; i < count; i++) {
                Member member = member(MALL);
                ports.members().add(member);
                members.add(member);
            }
            ports.campaigns().add(campaign);
        });
        ports.run(() -> ports.campaigns().prepare(ports.campaigns().lease(LEASE).orElseThrow(), 1000));
        return campaign;
    }

    private MemberId id(int index) {
        return members.get(index).id();
    }

    private Call call(NoticeCampaign campaign) {
        return new Call(uuid(), campaign.id(), campaign.channel(), NOW, LEASE);
    }

    private List<Claimed> begin(Call call, MemberId... ids) {
        return inOne(() -> ports.calls().begin(call, Arrays.asList(ids)));
    }

    private boolean end(Call call, Ended... results) {
        return inOne(() -> ports.calls().end(call.id(), List.of(results), NOW, AT_ONCE));
    }

    private Optional<Lost> lease() {
        return inOne(() -> ports.calls().lease(LEASE));
    }

    private Lost leased() {
        return await().until(this::lease, Optional::isPresent).orElseThrow();
    }

    private boolean resolve(Lost call, @Nullable Duration again, Ended... results) {
        return inOne(() -> ports.calls().resolve(call, List.of(results), NOW, again));
    }

    private boolean giveUp() {
        return inOne(() -> ports.calls().giveUp(NOW, AT_ONCE));
    }

    private Backlog backlog(Instant now) {
        return inOne(() -> ports.calls().backlog(now));
    }

    private static Ended ended(MemberId member, State state) {
        return new Ended(member, state, null, false);
    }

    private Counts counts(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().status(campaign.id())).progress().counts();
    }

    private NoticeRecipient row(NoticeCampaign campaign, int index) {
        return rows(campaign).stream()
                .filter(row -> row.memberId().equals(id(index)))
                .findFirst()
                .orElseThrow();
    }

    private List<NoticeRecipient> rows(NoticeCampaign campaign) {
        return inOne(() -> ports.campaigns().recipients(campaign.id(), null, 1000));
    }

    @Test
    void each_member_is_claimed_once_with_what_its_channel_needs() {
        NoticeCampaign campaign = sending(3);

        List<Claimed> first = begin(call(campaign), id(1), id(0));
        assertThat(first).extracting(Claimed::memberId).containsExactly(id(0), id(1));
        assertThat(first).allSatisfy(one -> {
            assertThat(one.address()).isEqualTo("01012345678");
            assertThat(one.name()).isEqualTo("홍길동");
            assertThat(one.attempts()).isZero();
        });
        assertThat(begin(call(campaign), id(0), id(1), id(2), new MemberId(uuid())))
                .extracting(Claimed::memberId)
                .containsExactly(id(2));
        assertThat(begin(call(campaign), id(0), id(1), id(2))).isEmpty();
        assertThat(begin(call(campaign))).isEmpty();
        assertThat(counts(campaign)).isEqualTo(new Counts(0, 3, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void mail_goes_to_the_mail_address() {
        NoticeCampaign campaign = sending(1, NoticeChannel.MAIL);

        assertThat(begin(call(campaign), id(0))).extracting(Claimed::address).containsExactly("hong@example.com");
    }

    @Test
    void of_a_campaign_that_is_not_sent_nobody_is_claimed() {
        NoticeCampaign campaign = sending(1);
        for (var state : List.of(NoticeCampaign.State.PAUSED, NoticeCampaign.State.CANCELLED)) {
            ports.run(() -> ports.campaigns().stop(campaign.id(), state));
            assertThat(begin(call(campaign), id(0))).isEmpty();
        }
        assertThat(counts(campaign).ready()).isEqualTo(1);
    }

    @Test
    void who_left_refused_or_lost_the_contact_data_since_is_excluded_and_not_claimed() {
        NoticeCampaign campaign = sending(4);
        ports.run(() -> ports.members().withdraw(keyOf(members.get(0)), NOW));
        ports.run(() -> ports.members().refuseNotices(keyOf(members.get(1)), true));
        ports.forgetContactData(keyOf(members.get(2)));

        assertThat(begin(call(campaign), id(0), id(1), id(2))).isEmpty();
        assertThat(counts(campaign)).isEqualTo(new Counts(1, 0, 0, 0, 0, 1, 1, 1));
        assertThat(row(campaign, 0))
                .isEqualTo(new NoticeRecipient(MALL, id(0), State.EXCLUDED, "withdrawn", null, null, NOW));
        assertThat(giveUp()).as("without anybody there is no call").isFalse();
        assertThat(begin(call(campaign), id(0), id(3)))
                .extracting(Claimed::memberId)
                .containsExactly(id(3));
    }

    @Test
    void a_person_of_another_mall_is_nobody_here() {
        NoticeCampaign campaign = campaign(OTHER_MALL);
        sending(1);
        ports.run(() -> ports.campaigns().add(campaign));
        ports.run(() -> ports.campaigns().prepare(ports.campaigns().lease(LEASE).orElseThrow(), 10));

        assertThat(begin(call(campaign), id(0))).isEmpty();
    }

    @Test
    void results_are_recorded_and_counted_once() {
        NoticeCampaign campaign = sending(2);
        Call call = call(campaign);
        begin(call, id(0), id(1));

        assertThat(end(
                        call,
                        new Ended(id(0), State.ACCEPTED, "request-1", false),
                        new Ended(id(1), State.REJECTED, "x".repeat(500), false)))
                .isTrue();
        assertThat(row(campaign, 0))
                .isEqualTo(new NoticeRecipient(MALL, id(0), State.ACCEPTED, "request-1", call.id(), NOW, NOW));
        assertThat(counts(campaign)).isEqualTo(new Counts(0, 0, 1, 1, 0, 0, 0, 0));
        assertThat(end(call, ended(id(0), State.REJECTED))).isFalse();
        assertThat(counts(campaign)).isEqualTo(new Counts(0, 0, 1, 1, 0, 0, 0, 0));
        assertThat(lease()).isEmpty();
        assertThat(giveUp()).isFalse();
    }

    @Test
    void who_was_turned_down_for_the_moment_is_ready_again_and_its_attempts_are_kept() {
        NoticeCampaign campaign = sending(2);
        Call call = call(campaign);
        begin(call, id(0), id(1));

        end(call, Ended.of(id(0), 0, new Result.Later("-9000")), Ended.of(id(1), 0, new Result.NotSent()));

        assertThat(counts(campaign)).isEqualTo(new Counts(2, 0, 0, 0, 0, 0, 0, 0));
        assertThat(row(campaign, 0).callId()).isNull();
        assertThat(row(campaign, 0).endedAt()).isNull();
        assertThat(begin(call(campaign), id(0), id(1)))
                .extracting(Claimed::attempts)
                .containsExactly(1, 0);
    }

    @Test
    void a_call_of_which_something_is_unknown_is_looked_up_by_one_at_a_time() {
        NoticeCampaign campaign = sending(2);
        Call call = call(campaign);
        List<Claimed> claimed = begin(call, id(0), id(1));
        end(call, ended(id(0), State.ACCEPTED), ended(id(1), State.UNKNOWN));

        Lost lost = leased();
        assertThat(lost.id()).isEqualTo(call.id());
        assertThat(lost.campaignId()).isEqualTo(campaign.id());
        assertThat(lost.channel()).isEqualTo(campaign.channel());
        assertThat(lost.begunAt()).isEqualTo(NOW);
        assertThat(lost.lookUps()).isZero();
        assertThat(lost.unknown()).containsExactly(new Row(claimed.get(1).rowId(), keyOf(members.get(1)), 0));
        assertThat(lease()).isEmpty();
        assertThat(counts(campaign)).isEqualTo(new Counts(0, 0, 1, 0, 1, 0, 0, 0));
    }

    @Test
    void a_look_up_waits_until_things_have_settled() {
        NoticeCampaign campaign = sending(1);
        Call call = call(campaign);
        begin(call, id(0));

        inOne(() -> ports.calls().end(call.id(), List.of(ended(id(0), State.UNKNOWN)), NOW, LEASE));

        assertThat(lease()).isEmpty();
    }

    @Test
    void a_look_up_closes_the_call_and_who_was_not_taken_is_ready_again() {
        NoticeCampaign campaign = sending(3);
        Call call = call(campaign);
        begin(call, id(0), id(1), id(2));
        end(call, ended(id(0), State.UNKNOWN), ended(id(1), State.UNKNOWN), ended(id(2), State.UNKNOWN));

        assertThat(resolve(leased(), null, new Ended(id(0), State.ACCEPTED, "r", false), Ended.notSent(id(1))))
                .isTrue();

        assertThat(counts(campaign)).isEqualTo(new Counts(1, 0, 1, 0, 1, 0, 0, 0));
        assertThat(lease()).isEmpty();
        assertThat(begin(call(campaign), id(0), id(1), id(2)))
                .extracting(Claimed::memberId)
                .containsExactly(id(1));
    }

    @Test
    void a_look_up_that_could_not_be_made_comes_again() {
        NoticeCampaign campaign = sending(1);
        Call call = call(campaign);
        begin(call, id(0));
        end(call, ended(id(0), State.UNKNOWN));

        Lost first = leased();
        assertThat(resolve(first, AT_ONCE)).isTrue();
        Lost second = leased();
        assertThat(second.lookUps()).isEqualTo(1);
        assertThat(second.lease()).isGreaterThan(first.lease());
        assertThat(resolve(first, null, ended(id(0), State.ACCEPTED)))
                .as("the first one's lease is over")
                .isFalse();
        assertThat(counts(campaign).unknown()).isEqualTo(1);
        assertThat(resolve(second, LEASE)).isTrue();
        assertThat(lease()).as("not yet").isEmpty();
    }

    @Test
    void a_call_whose_sender_does_not_come_back_is_given_up_and_a_late_answer_changes_nothing() {
        NoticeCampaign campaign = sending(2);
        var call = new Call(uuid(), campaign.id(), campaign.channel(), NOW, Duration.ofMillis(1));
        begin(call, id(0), id(1));

        await().until(this::giveUp);
        assertThat(giveUp()).isFalse();
        assertThat(counts(campaign)).isEqualTo(new Counts(0, 0, 0, 0, 2, 0, 0, 0));
        assertThat(end(call, ended(id(0), State.REJECTED), ended(id(1), State.REJECTED)))
                .isFalse();
        assertThat(counts(campaign)).isEqualTo(new Counts(0, 0, 0, 0, 2, 0, 0, 0));
        assertThat(leased().unknown()).hasSize(2);
    }

    @Test
    void a_call_that_is_with_its_sender_is_neither_given_up_nor_looked_up() {
        begin(call(sending(1)), id(0));

        assertThat(giveUp()).isFalse();
        assertThat(lease()).isEmpty();
    }

    @Test
    void calls_that_are_open_are_counted_with_the_age_of_the_oldest() {
        NoticeCampaign campaign = sending(3);
        assertThat(backlog(NOW)).isEqualTo(new Backlog(0, Duration.ZERO));
        Call lost = call(campaign);
        begin(lost, id(0));
        var later = new Call(uuid(), campaign.id(), campaign.channel(), NOW.plusSeconds(30), LEASE);
        begin(later, id(1));
        assertThat(backlog(NOW.plusSeconds(90)))
                .as("both with their senders")
                .isEqualTo(new Backlog(0, Duration.ofSeconds(90)));
        assertThat(backlog(NOW.minusSeconds(1)))
                .as("by a clock that is behind the sender's")
                .isEqualTo(new Backlog(0, Duration.ZERO));

        end(lost, ended(id(0), State.UNKNOWN));
        assertThat(backlog(NOW.plusSeconds(90))).isEqualTo(new Backlog(1, Duration.ofSeconds(90)));
        Lost leased = leased();
        assertThat(backlog(NOW.plusSeconds(90)))
                .as("while it is looked up")
                .isEqualTo(new Backlog(1, Duration.ofSeconds(90)));
        resolve(leased, null, ended(id(0), State.ACCEPTED));
        assertThat(backlog(NOW.plusSeconds(90))).isEqualTo(new Backlog(0, Duration.ofSeconds(60)));
        end(later, ended(id(1), State.ACCEPTED));
        assertThat(backlog(NOW.plusSeconds(90))).isEqualTo(new Backlog(0, Duration.ZERO));
    }

    @Test
    void counters_are_the_count_of_the_rows_after_any_history() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        NoticeCampaign campaign = sending(30);
        var begun = new ArrayList<Begun>();
        for (int i = 0; i < 150; i++) {
            happen(random, campaign, begun);

            Collection<NoticeRecipient> rows = rows(campaign);
            assertThat(counts(campaign))
                    .as("seed %d, after %d", seed, i)
                    .isEqualTo(new Counts(
                            count(rows, State.READY, null),
                            count(rows, State.SENDING, null),
                            count(rows, State.ACCEPTED, null),
                            count(rows, State.REJECTED, null),
                            count(rows, State.UNKNOWN, null),
                            count(rows, State.EXCLUDED, "refused"),
                            count(rows, State.EXCLUDED, "no-contact-data"),
                            count(rows, State.EXCLUDED, "withdrawn")));
        }
        assertThat(rows(campaign)).hasSize(30);
    }

    private record Begun(Call call, List<Claimed> claimed) {}

    private void happen(Random random, NoticeCampaign campaign, List<Begun> begun) {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                var call =
                        new Call(uuid(), campaign.id(), campaign.channel(), NOW, Duration.ofMillis(random.nextInt(2)));
                MemberId[] some = IntStream.range(0, 5)
                        .mapToObj(n -> id(random.nextInt(30)))
                        .distinct()
                        .toArray(MemberId[]::new);
                begun.add(new Begun(call, begin(call, some)));
            }
            case 2 -> {
                if (!begun.isEmpty()) {
                    // Some of them were given up or ended before.
                    Begun one = begun.get(random.nextInt(begun.size()));
                    inOne(() -> ports.calls().end(one.call.id(), results(random, one.claimed), NOW, AT_ONCE));
                }
            }
            case 3 -> giveUp();
            case 4 ->
                lease().ifPresent(lost -> inOne(() -> ports.calls()
                        .resolve(
                                lost,
                                lost.unknown().stream()
                                        .filter(row -> random.nextBoolean())
                                        .map(row -> ended(random, row.member().memberId(), row.attempts()))
                                        .toList(),
                                NOW,
                                random.nextBoolean() ? null : AT_ONCE)));
            default -> {
                Member.Key somebody = keyOf(members.get(random.nextInt(30)));
                switch (random.nextInt(6)) {
                    case 0 -> ports.run(() -> ports.members().withdraw(somebody, NOW));
                    case 1 -> ports.run(() -> ports.members().refuseNotices(somebody, true));
                    default -> {}
                }
            }
        }
    }

    private static List<Ended> results(Random random, List<Claimed> claimed) {
        return claimed.stream()
                .map(one -> ended(random, one.memberId(), one.attempts()))
                .toList();
    }

    private static Ended ended(Random random, MemberId member, int attempts) {
        return switch (random.nextInt(5)) {
            case 0 -> Ended.of(member, attempts, new Result.Accepted("r"));
            case 1 -> Ended.of(member, attempts, new Result.Rejected("c"));
            case 2 -> Ended.of(member, attempts, new Result.Later("l"));
            case 3 -> Ended.notSent(member);
            default -> Ended.of(member, attempts, new Result.Unknown());
        };
    }

    private static long count(Collection<NoticeRecipient> rows, State state, @Nullable String code) {
        return rows.stream()
                .filter(row -> row.state() == state && (code == null || code.equals(row.code())))
                .count();
    }
}
