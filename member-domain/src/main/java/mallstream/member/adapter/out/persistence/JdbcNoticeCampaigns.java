package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.Counts;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRecipient;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcNoticeCampaigns implements NoticeCampaigns {
    private static final UUID BEFORE_ALL = new UUID(0, 0);
    /** Rows that one look for ready ones passes over: where few are ready a look is as short as where all are. */
    private static final int WINDOW = 20_000;
    /**
     * Stalls that a campaign waits for its next pass at the most. Where its requests are in the topic and nobody gets to
     * them, or its channel turns everybody down, each pass would only put them there once more: so a pass waits as long as
     * nobody was accepted or rejected before the last one, which is twice as long each time.
     */
    private static final int LONGEST_STALL = 12;

    /** A campaign that gets no further for so long is counted from the end of that on: an outage is in no rate. */
    private static final Duration STANDS_STILL = Duration.ofMinutes(1);

    /** Begins a pass: everybody who is not ready any more has been published before. */
    private static final String BEGIN_PASS = """
            pass_last = '00000000-0000-0000-0000-000000000000', pass_ended_at = null,
            published = coalesce((select sum(sending + accepted + rejected + unknown + withdrawn)
                                  from member.notice_progress where campaign_id = c.id), 0),
            counted_from = case when snapshot_done then now() end,
            counted_finished = coalesce((select sum(accepted + rejected + unknown)
                                         from member.notice_progress where campaign_id = c.id), 0),
            step = step + 1, step_until = now() - interval '1 microsecond'""";

    private final JdbcClient jdbc;

    JdbcNoticeCampaigns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void add(NoticeCampaign campaign) {
        MallId mall = campaign.mallId();
        // For the publisher of the jar before this one it is all published, so that it leaves the campaign alone.
        jdbc.sql("""
                        insert into member.notice_campaign
                          (id, mall_id, notice_year, channel, template, template_version, created_at, state,
                           publish_done, adopted)
                        values (?, ?, ?, ?, ?, ?, ?, ?, true, false)""")
                .param(campaign.id().value())
                .param(mall == null ? null : mall.value())
                .param(campaign.year())
                .param(campaign.channel().name())
                .param(campaign.template())
                .param(campaign.templateVersion())
                .param(Columns.time(campaign.createdAt()))
                .param(campaign.state().name())
                .update();
    }

    @Override
    public Optional<CampaignId> lockOpen(NoticeCampaign campaign) {
        WordLock.NOTICE_CAMPAIGN.take(jdbc, campaign.year() + " " + campaign.channel());
        MallId mall = campaign.mallId();
        return jdbc.sql("""
                        select id from member.notice_campaign
                        where notice_year = :year and channel = :channel and state in ('PREPARING', 'SENDING', 'PAUSED')
                          and (mall_id is null or :mall::text is null or mall_id = :mall)
                        order by created_at, id limit 1""")
                .param("year", campaign.year())
                .param("channel", campaign.channel().name())
                .param("mall", mall == null ? null : mall.value())
                .query((row, n) -> new CampaignId(Columns.uuid(row, "id")))
                .optional();
    }

    @Override
    public Optional<NoticeCampaign> find(CampaignId id) {
        return find(id, "");
    }

    @Override
    public Optional<NoticeCampaign> lock(CampaignId id) {
        return find(id, " for no key update");
    }

    private Optional<NoticeCampaign> find(CampaignId id, String lock) {
        return jdbc.sql("select * from member.notice_campaign where id = ?" + lock)
                .param(id.value())
                .query((row, n) -> NoticeRows.campaign(row))
                .optional();
    }

    @Override
    public void stop(CampaignId id, NoticeCampaign.State as) {
        jdbc.sql("update member.notice_campaign set state = ? where id = ?")
                .param(as.name())
                .param(id.value())
                .update();
    }

    @Override
    public void resume(CampaignId id) {
        jdbc.sql("""
                        update member.notice_campaign c
                        set state = case when snapshot_done then 'SENDING' else 'PREPARING' end,
                        """ + BEGIN_PASS + " where id = ?").param(id.value()).update();
    }

    @Override
    public Status status(CampaignId id) {
        return jdbc.sql("""
                        select c.snapshot_done, c.total, c.published,
                               coalesce(sum(p.ready), 0) as ready, coalesce(sum(p.sending), 0) as sending,
                               coalesce(sum(p.accepted), 0) as accepted, coalesce(sum(p.rejected), 0) as rejected,
                               coalesce(sum(p.unknown), 0) as unknown, coalesce(sum(p.refused), 0) as refused,
                               coalesce(sum(p.no_contact_data), 0) as no_contact_data,
                               coalesce(sum(p.withdrawn), 0) as withdrawn,
                               extract(epoch from case when c.state = 'SENDING' then now() else max(p.last_at) end
                                                  - coalesce(c.counted_from, min(p.first_at))) as elapsed,
                               coalesce(sum(p.accepted + p.rejected + p.unknown), 0) - c.counted_finished as finished
                        from member.notice_campaign c
                        left join member.notice_progress p on p.campaign_id = c.id
                        where c.id = ? group by c.id""").param(id.value()).query((row, n) -> status(row)).single();
    }

    private static Status status(ResultSet row) throws SQLException {
        double elapsed = row.getDouble("elapsed");
        boolean begun = !row.wasNull();
        return new Status(
                new Progress(
                        row.getBoolean("snapshot_done") ? row.getObject("total", Long.class) : null,
                        row.getLong("published"),
                        new Counts(
                                row.getLong("ready"),
                                row.getLong("sending"),
                                row.getLong("accepted"),
                                row.getLong("rejected"),
                                row.getLong("unknown"),
                                row.getLong("refused"),
                                row.getLong("no_contact_data"),
                                row.getLong("withdrawn"))),
                row.getLong("finished"),
                begun ? Duration.ofNanos((long) (elapsed * 1e9)) : null);
    }

    @Override
    public Optional<Step> lease(Duration lease) {
        return jdbc.sql("""
                        update member.notice_campaign c
                        set step = c.step + 1, step_until = now() + make_interval(secs => ?)
                        where c.id = (select id from member.notice_campaign
                                      where state in ('PREPARING', 'SENDING') and step_until < now()
                                      order by step_until limit 1 for no key update skip locked)
                        returning c.*""")
                .param(Columns.seconds(lease))
                .query((row, n) -> {
                    NoticeCampaign campaign = NoticeRows.campaign(row);
                    return new Step(campaign, row.getLong("step"), phase(campaign, row));
                })
                .optional();
    }

    private static Phase phase(NoticeCampaign campaign, ResultSet row) throws SQLException {
        if (campaign.state() == NoticeCampaign.State.PREPARING) {
            return Phase.PREPARING;
        }
        return Columns.instantOrNull(row, "pass_ended_at") == null ? Phase.PUBLISHING : Phase.ENDING;
    }

    @Override
    public void prepare(Step step, int most) {
        NoticeCampaign campaign = step.campaign();
        MallId mall = campaign.mallId();
        var members = jdbc.sql("""
                        with page as (
                          select m.id, m.mall_id,
                                 case when m.notices_refused then 'refused'
                                      when %s = '' then 'no-contact-data' end as reason
                          from member.member m
                          where m.id > (select snapshot_last from member.notice_campaign where id = :campaign)
                            and m.signed_up_at <= :until %s
                          order by m.id limit :most),
                        added as (
                          insert into member.notice_recipient (id, campaign_id, member_id, mall_id, state, code, ended_at)
                          select member.uuid_v7(), :campaign, id, mall_id,
                                 case when reason is null then 'READY' else 'EXCLUDED' end, reason,
                                 case when reason is not null then now() end
                          from page order by id
                          on conflict (campaign_id, member_id) do nothing
                          returning state as becomes, code as why),
                        changes as (select becomes, why, '' as was from added),
                        counted as (%s)
                        select id from page order by id""".formatted(
                                NoticeRows.address(campaign.channel()),
                                mall == null ? "" : "and m.mall_id = :mall",
                                NoticeRows.COUNT_INTO_A_SLOT))
                .param("campaign", campaign.id().value())
                .param("until", Columns.time(campaign.createdAt()))
                .param("mall", mall == null ? null : mall.value())
                .param("most", most)
                .query(UUID.class)
                .list();
        boolean done = members.size() < most;
        jdbc.sql("""
                        update member.notice_campaign c
                        set snapshot_last = coalesce(:last, snapshot_last), snapshot_count = snapshot_count + :count,
                            snapshot_done = :done, state = case when :done then 'SENDING' else state end,
                            total = case when :done then snapshot_count + :count else total end,
                            published = case when :done then 0 else published end,
                            step_until = now() - interval '1 microsecond'
                        where id = :campaign and step = :step""")
                .param("last", members.isEmpty() ? null : members.getLast())
                .param("count", members.size())
                .param("done", done)
                .param("campaign", campaign.id().value())
                .param("step", step.lease())
                .update();
    }

    @Override
    public Page ready(Step step, int most) {
        UUID id = step.campaign().id().value();
        // Else, while the table has no statistics, each page would fetch and sort all that is left of the campaign.
        jdbc.sql("select set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)")
                .query()
                .singleRow();
        UUID from = jdbc.sql("select pass_last from member.notice_campaign where id = ?")
                .param(id)
                .query(UUID.class)
                .single();
        List<Member.Key> members = jdbc.sql("""
                        select mall_id, member_id
                        from (select mall_id, member_id, state from member.notice_recipient
                              where campaign_id = ? and member_id > ? order by member_id limit ?) w
                        where state = 'READY' order by member_id limit ?""")
                .param(id)
                .param(from)
                .param(WINDOW)
                .param(most)
                .query((row, n) -> Columns.member(row))
                .list();
        if (members.size() == most) {
            return new Page(members, members.getLast().memberId(), false);
        }
        Optional<UUID> windowEnd = jdbc.sql("""
                        select member_id from member.notice_recipient
                        where campaign_id = ? and member_id > ? order by member_id offset ? limit 1""")
                .param(id)
                .param(from)
                .param(WINDOW - 1)
                .query(UUID.class)
                .optional();
        MemberId last = windowEnd
                .map(MemberId::new)
                .orElseGet(() -> members.isEmpty()
                        ? new MemberId(from)
                        : members.getLast().memberId());
        return new Page(members, last, windowEnd.isEmpty());
    }

    @Override
    public void published(Step step, @Nullable MemberId last, int published, boolean end) {
        jdbc.sql("""
                        update member.notice_campaign
                        set pass_last = coalesce(?, pass_last), published = published + ?,
                            pass_ended_at = case when ? then now() end,
                            step_until = now() - interval '1 microsecond'
                        where id = ? and step = ?""")
                .param(last == null ? null : last.value())
                .param(published)
                .param(end)
                .param(step.campaign().id().value())
                .param(step.lease())
                .update();
    }

    @Override
    public boolean end(Step step, Duration stall) {
        UUID id = step.campaign().id().value();
        Standing standing = jdbc.sql("""
                        select c.adopted, coalesce(sum(p.ready), 0) as ready, coalesce(sum(p.sending), 0) as sending,
                               coalesce(sum(p.accepted + p.rejected + p.unknown), 0) as finished,
                               coalesce(max(p.finished_at), c.pass_ended_at) < now() - make_interval(secs => :still)
                                 as still,
                               exists (select 1 from member.notice_call where campaign_id = c.id and ended_at is null)
                                 as open,
                               greatest(max(p.last_at), c.pass_ended_at) < now() - make_interval(secs => :stall) as stalled,
                               greatest(max(p.last_at), c.pass_ended_at) < now() - least(
                                   greatest(make_interval(secs => :stall),
                                            c.pass_ended_at - coalesce(max(p.finished_at), c.created_at)),
                                   make_interval(secs => :longest)) as again
                        from member.notice_campaign c
                        left join member.notice_progress p on p.campaign_id = c.id
                        where c.id = :campaign group by c.id""")
                .param("still", Columns.seconds(STANDS_STILL))
                .param("stall", Columns.seconds(stall))
                .param("longest", Columns.seconds(stall.multipliedBy(LONGEST_STALL)))
                .param("campaign", id)
                .query((row, n) -> new Standing(
                        row.getBoolean("adopted"),
                        row.getLong("ready"),
                        row.getLong("sending"),
                        row.getLong("finished"),
                        row.getBoolean("still"),
                        row.getBoolean("open"),
                        row.getBoolean("stalled"),
                        row.getBoolean("again")))
                .single();
        if (standing.ready == 0 && standing.sending == 0 && !standing.open && (!standing.adopted || standing.stalled)) {
            if (standing.adopted) {
                countAnew(id);
            }
            jdbc.sql("update member.notice_campaign set state = 'DONE' where id = ? and state = 'SENDING'")
                    .param(id)
                    .update();
            return true;
        }
        if (standing.ready > 0 && standing.again) {
            jdbc.sql("update member.notice_campaign c set " + BEGIN_PASS + " where id = ?")
                    .param(id)
                    .update();
            return true;
        }
        jdbc.sql("""
                        update member.notice_campaign
                        set step_until = now() + interval '1 s',
                            counted_from = case when :still then now() else counted_from end,
                            counted_finished = case when :still then :finished else counted_finished end
                        where id = :campaign""")
                .param("still", standing.still)
                .param("finished", standing.finished)
                .param("campaign", id)
                .update();
        return false;
    }

    /**
     * The jar before this one counted nothing. Rows that it left in a call, and nothing has ended for a while, are lost to
     * it: their call was named by the campaign, so nobody can ask for one of them.
     */
    private void countAnew(UUID id) {
        jdbc.sql("""
                        update member.notice_recipient set state = 'UNKNOWN', ended_at = now()
                        where campaign_id = ? and state = 'SENDING' and call_id is null""").param(id).update();
        jdbc.sql("delete from member.notice_progress where campaign_id = ?")
                .param(id)
                .update();
        jdbc.sql("""
                        insert into member.notice_progress
                          (campaign_id, slot, accepted, rejected, unknown, refused, no_contact_data, withdrawn,
                           first_at, last_at)
                        select campaign_id, 0,
                               count(*) filter (where state = 'ACCEPTED'), count(*) filter (where state = 'REJECTED'),
                               count(*) filter (where state = 'UNKNOWN'),
                               count(*) filter (where state = 'EXCLUDED' and code = 'refused'),
                               count(*) filter (where state = 'EXCLUDED' and code = 'no-contact-data'),
                               count(*) filter (where state = 'EXCLUDED' and code = 'withdrawn'),
                               min(begun_at), max(ended_at) filter (where state <> 'EXCLUDED')
                        from member.notice_recipient where campaign_id = ? group by campaign_id""").param(id).update();
        jdbc.sql("""
                        update member.notice_campaign c
                        set total = (select count(*) from member.notice_recipient where campaign_id = c.id)
                        where id = ?""").param(id).update();
    }

    @Override
    public List<NoticeRecipient> recipients(CampaignId id, @Nullable MemberId after, int most) {
        return jdbc.sql("""
                        select * from member.notice_recipient where campaign_id = ? and member_id > ?
                        order by member_id limit ?""")
                .param(id.value())
                .param(after == null ? BEFORE_ALL : after.value())
                .param(most)
                .query((row, n) -> new NoticeRecipient(
                        new MallId(row.getString("mall_id")),
                        new MemberId(Columns.uuid(row, "member_id")),
                        NoticeRecipient.State.valueOf(row.getString("state")),
                        row.getString("code"),
                        row.getObject("call_id", UUID.class),
                        Columns.instantOrNull(row, "begun_at"),
                        Columns.instantOrNull(row, "ended_at")))
                .list();
    }

    private record Standing(
            boolean adopted,
            long ready,
            long sending,
            long finished,
            boolean still,
            boolean open,
            boolean stalled,
            boolean again) {}
}
