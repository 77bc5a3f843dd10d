package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.NOW;
import static mallstream.member.ports.Some.campaign;
import static mallstream.member.ports.Some.key;
import static mallstream.member.ports.Some.member;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCalls.Claimed;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.application.port.out.PointLedger.Booked;
import mallstream.member.model.CampaignId;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Discount;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRecipient;
import mallstream.member.model.PointEntry;
import mallstream.member.model.PointLot;
import mallstream.member.ports.Database;
import org.junit.jupiter.api.Test;

/** The statements of the jar before policies and withdrawals, which may still run beside this one. */
class PreviousJarIT {
    private final Database database = Database.emptied();
    private final Member.Key owner = key(MALL);

    @Test
    void a_coupon_that_it_issues_is_one_of_the_settings() {
        database.jdbc()
                .sql("""
                        insert into member.coupon
                          (id, mall_id, member_id, policy, policy_version, percent, days_valid, issued_at, expires_at)
                        values (?, ?, ?, 'signup', 1, 10, 30, ?, ?)""")
                .param(uuid())
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .param(Columns.time(NOW))
                .param(Columns.time(NOW.plus(Duration.ofDays(30))))
                .update();

        assertThat(database.transactions().inOne(() -> database.coupons().of(owner)))
                .singleElement()
                .satisfies(coupon -> assertThat(coupon.policy())
                        .isEqualTo(new CouponPolicy("signup", 1, new Discount.Percent(10, null), 0, 30)));
    }

    @Test
    void it_can_read_a_coupon_of_an_amount() {
        var policy = new CouponPolicy("signup", 2, new Discount.Amount(3000), 0, 30);
        database.run(() -> database.coupons().issueOnce(List.of(policy.issue(uuid(), owner, NOW))));

        assertThat(database.jdbc()
                        .sql("select percent from member.coupon")
                        .query(Integer.class)
                        .single())
                .as("it refuses what is not 1 to 100")
                .isEqualTo(100);
    }

    @Test
    void points_that_it_grants_can_be_used() {
        var lot = PointLot.forSignUp(uuid(), owner, 5000, 365, NOW);
        database.jdbc()
                .sql("""
                        insert into member.point_lot
                          (id, mall_id, member_id, source, granted, rest, granted_at, expires_at)
                        values (?, ?, ?, 'SIGNUP', 5000, 5000, ?, ?)""")
                .param(lot.id())
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .param(Columns.time(lot.grantedAt()))
                .param(Columns.time(lot.expiresAt()))
                .update();
        database.jdbc()
                .sql("insert into member.point_entry (lot_id, kind, amount, booked_at) values (?, 'GRANT', 5000, ?)")
                .param(lot.id())
                .param(Columns.time(NOW))
                .update();
        var use = new PointEntry.Use(lot.id(), uuid(), 4000, NOW);
        database.run(() -> database.points().book(List.of(use)));

        assertThat(database.transactions().inOne(() -> database.points().lotsOf(owner)))
                .containsExactly(lot.withRest(1000));
        assertThat(database.transactions().inOne(() -> database.points().ledgerOf(owner, null, 9)))
                .extracting(Booked::entry)
                .containsExactly(use, new PointEntry.Grant(lot.id(), 5000, NOW));
    }

    /** The jar before campaigns wrote their members down. */
    private UUID itStarts() {
        UUID id = uuid();
        database.jdbc().sql("""
                        insert into member.notice_campaign (id, mall_id, notice_year, channel, template, created_at)
                        values (?, 'mall-1', 2026, 'ALIMTALK', 'NOTICE', ?)""").param(id).param(Columns.time(NOW)).update();
        return id;
    }

    private int itMarks(UUID campaign, MemberId member) {
        return database.jdbc()
                .sql("""
                        insert into member.notice_recipient (id, campaign_id, member_id, mall_id, state, begun_at)
                        select ?, ?, ?, 'mall-1', 'SENDING', ? on conflict (campaign_id, member_id) do nothing""")
                .param(uuid())
                .param(campaign)
                .param(member.value())
                .param(Columns.time(NOW))
                .update();
    }

    private void itFindsTheMarkOfAnother(UUID campaign, MemberId member) {
        database.jdbc()
                .sql("""
                        with open as (
                          select n.id from member.notice_recipient n
                          join unnest(?::uuid[], ?::uuid[], ?::uuid[]) as r (id, campaign_id, member_id)
                            on n.campaign_id = r.campaign_id and n.member_id = r.member_id and n.id <> r.id
                          where n.state = 'SENDING' order by n.id for update of n)
                        update member.notice_recipient n set state = 'UNKNOWN', ended_at = ?
                        from open where n.id = open.id""")
                .param(new String[] {uuid().toString()})
                .param(new String[] {campaign.toString()})
                .param(new String[] {member.toString()})
                .param(Columns.time(NOW))
                .update();
    }

    private List<MemberId> members(int count) {
        return database.transactions()
                .inOne(() -> IntStream.range(0, count)
                        .mapToObj(n -> {
                            Member member = member(MALL);
                            database.members().add(member);
                            return member.id();
                        })
                        .toList());
    }

    private Counts counts(CampaignId campaign) {
        return database.transactions()
                .inOne(() -> database.campaigns().status(campaign))
                .progress()
                .counts();
    }

    private void prepared() {
        database.run(() -> database.campaigns()
                .prepare(database.campaigns().lease(Duration.ofMinutes(1)).orElseThrow(), 100));
    }

    private List<Claimed> claimed(NoticeCalls.Call call, List<MemberId> members) {
        return database.transactions().inOne(() -> database.calls().begin(call, members));
    }

    @Test
    void it_neither_publishes_nor_sends_a_campaign_of_ours_and_what_it_marks_is_overwritten_by_the_answer() {
        List<MemberId> two = members(2);
        NoticeCampaign campaign = campaign(MALL);
        database.run(() -> database.campaigns().add(campaign));
        prepared();

        assertThat(database.jdbc().sql("""
                                select count(*) from member.notice_campaign
                                where not publish_done and leased_until < now()""").query(Long.class).single()).isZero();
        assertThat(itMarks(campaign.id().value(), two.getFirst())).isZero();
        var call = new NoticeCalls.Call(uuid(), campaign.id(), campaign.channel(), NOW, Duration.ofMinutes(1));
        assertThat(claimed(call, two)).hasSize(2);
        itFindsTheMarkOfAnother(campaign.id().value(), two.getFirst());
        assertThat(counts(campaign.id())).isEqualTo(new Counts(0, 2, 0, 0, 0, 0, 0, 0));

        database.run(() -> database.calls()
                .end(
                        call.id(),
                        two.stream()
                                .map(one -> new Ended(one, NoticeRecipient.State.ACCEPTED, "r", false))
                                .toList(),
                        NOW,
                        Duration.ZERO));

        assertThat(counts(campaign.id())).isEqualTo(new Counts(0, 0, 2, 0, 0, 0, 0, 0));
        assertThat(database.transactions().inOne(() -> database.campaigns().recipients(campaign.id(), null, 9)))
                .extracting(NoticeRecipient::state)
                .containsOnly(NoticeRecipient.State.ACCEPTED);
    }

    @Test
    void a_campaign_of_its_own_is_taken_over_and_nobody_whom_it_told_is_told_again() {
        List<MemberId> four = members(4);
        var id = new CampaignId(itStarts());
        itMarks(id.value(), four.get(0));
        itMarks(id.value(), four.get(1));
        database.jdbc()
                .sql(
                        "update member.notice_recipient set state = 'ACCEPTED', code = 'r', ended_at = ? where member_id = ?")
                .param(Columns.time(NOW))
                .param(four.get(0).value())
                .update();
        prepared();

        var call = new NoticeCalls.Call(uuid(), id, NoticeChannel.ALIMTALK, NOW, Duration.ofMinutes(1));
        assertThat(claimed(call, four)).extracting(Claimed::memberId).containsExactlyElementsOf(four.subList(2, 4));
        assertThat(itMarks(id.value(), four.get(3))).isZero();
        database.run(() -> database.calls()
                .end(
                        call.id(),
                        four.subList(2, 4).stream()
                                .map(one -> new Ended(one, NoticeRecipient.State.ACCEPTED, "r", false))
                                .toList(),
                        NOW,
                        Duration.ZERO));
        database.jdbc()
                .sql("update member.notice_campaign set pass_ended_at = now()")
                .update();
        assertThat(ended(Duration.ofMinutes(5))).as("it may still be at it").isFalse();
        database.noticesWaitNoLonger();
        assertThat(ended(Duration.ofMinutes(5))).isTrue();

        var status = database.transactions().inOne(() -> database.campaigns().status(id));
        assertThat(status.progress().total()).isEqualTo(4);
        assertThat(status.progress().counts())
                .as("its mark without an answer stays unknown")
                .isEqualTo(new Counts(0, 0, 3, 0, 1, 0, 0, 0));
        assertThat(database.transactions()
                        .inOne(() -> database.campaigns().find(id))
                        .orElseThrow()
                        .state())
                .isEqualTo(NoticeCampaign.State.DONE);
    }

    private boolean ended(Duration stall) {
        return database.transactions()
                .inOne(() -> database.campaigns()
                        .end(database.campaigns().lease(Duration.ofMinutes(1)).orElseThrow(), stall));
    }
}
