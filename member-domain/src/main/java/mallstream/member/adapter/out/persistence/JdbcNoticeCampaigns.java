package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeCampaign.Progress;
import mallstream.member.model.NoticeRequested;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcNoticeCampaigns implements NoticeCampaigns {
    private final JdbcClient jdbc;

    JdbcNoticeCampaigns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void add(NoticeCampaign campaign) {
        MallId mall = campaign.mallId();
        jdbc.sql("""
                        insert into member.notice_campaign (id, mall_id, notice_year, channel, template, created_at)
                        values (?, ?, ?, ?, ?, ?)""")
                .param(campaign.id().value())
                .param(mall == null ? null : mall.value())
                .param(campaign.year())
                .param(campaign.channel().name())
                .param(campaign.template())
                .param(Columns.time(campaign.createdAt()))
                .update();
    }

    @Override
    public Optional<NoticeCampaign> find(CampaignId id) {
        return jdbc.sql("select * from member.notice_campaign where id = ?")
                .param(id.value())
                .query((row, n) -> campaign(row))
                .optional();
    }

    @Override
    public Status status(CampaignId id) {
        return jdbc.sql("""
                        select c.total, c.published,
                               coalesce(sum(s.n) filter (where s.state = 'ACCEPTED'), 0) as accepted,
                               coalesce(sum(s.n) filter (where s.state = 'REJECTED'), 0) as rejected,
                               coalesce(sum(s.n) filter (where s.state = 'UNKNOWN'), 0) as unknown,
                               (select min(begun_at) from member.notice_recipient r where r.campaign_id = c.id) as first_at
                        from member.notice_campaign c
                        left join (select campaign_id, state, count(*) as n from member.notice_recipient
                                   where campaign_id = ? group by campaign_id, state) s on s.campaign_id = c.id
                        where c.id = ? group by c.id""")
                .param(id.value())
                .param(id.value())
                .query((row, n) -> new Status(
                        new Progress(
                                longOrNull(row, "total"),
                                row.getLong("published"),
                                row.getLong("accepted"),
                                row.getLong("rejected"),
                                row.getLong("unknown")),
                        Columns.instantOrNull(row, "first_at")))
                .single();
    }

    @Override
    public Optional<Publishing> lease(Duration lease) {
        return jdbc.sql("""
                        update member.notice_campaign c
                        set lease = c.lease + 1, leased_until = now() + make_interval(secs => ?)
                        where c.id = (select id from member.notice_campaign
                                      where not publish_done and leased_until < now()
                                      order by leased_until limit 1 for update skip locked)
                        returning c.*""")
                .param(Columns.seconds(lease))
                .query((row, n) -> {
                    @Nullable UUID last = row.getObject("last_member", UUID.class);
                    return new Publishing(
                            campaign(row),
                            row.getLong("lease"),
                            last == null ? null : new MemberId(last),
                            longOrNull(row, "total"));
                })
                .optional();
    }

    @Override
    public void moveOn(Publishing publishing, @Nullable MemberId last, int published, long total, boolean finished) {
        jdbc.sql("""
                        update member.notice_campaign
                        set last_member = ?, published = published + ?, total = ?, publish_done = ?,
                            leased_until = now() - interval '1 microsecond'
                        where id = ? and lease = ?""")
                .param(last == null ? null : last.value())
                .param(published)
                .param(total)
                .param(finished)
                .param(publishing.campaign().id().value())
                .param(publishing.lease())
                .update();
    }

    // Rows are locked by ascending id wherever several are changed: a request that comes twice at the same time, once
    // in
    // each of two batches, makes one batch wait for the other and not both die in a deadlock.

    @Override
    public List<Claim> beginSending(List<NoticeRequested> requests, List<UUID> rowIds, Instant now) {
        var rows = Rows.of(IntStream.range(0, requests.size()).boxed().toList());
        String[] campaigns = rows.uuids(i -> requests.get(i).campaignId().value());
        String[] members = rows.uuids(i -> requests.get(i).memberId().value());
        String[] ids = rows.uuids(rowIds::get);
        var mine = new HashSet<>(jdbc.sql("""
                        insert into member.notice_recipient (id, campaign_id, member_id, mall_id, state, begun_at)
                        select r.id, r.campaign_id, r.member_id, r.mall_id, 'SENDING', ?
                        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[]) as r (id, campaign_id, member_id, mall_id)
                        order by r.campaign_id, r.member_id
                        on conflict (campaign_id, member_id) do nothing
                        returning id""")
                .param(Columns.time(now))
                .param(ids)
                .param(campaigns)
                .param(members)
                .param(rows.texts(i -> requests.get(i).mallId().value()))
                .query(UUID.class)
                .list());
        // Whoever marked these did not come back with an answer, or is still at it: then its answer wins later.
        jdbc.sql("""
                        with open as (
                          select n.id from member.notice_recipient n
                          join unnest(?::uuid[], ?::uuid[], ?::uuid[]) as r (id, campaign_id, member_id)
                            on n.campaign_id = r.campaign_id and n.member_id = r.member_id and n.id <> r.id
                          where n.state = 'SENDING' order by n.id for update of n)
                        update member.notice_recipient n set state = 'UNKNOWN', ended_at = ?
                        from open where n.id = open.id""")
                .param(ids)
                .param(campaigns)
                .param(members)
                .param(Columns.time(now))
                .update();
        return rowIds.stream()
                .<Claim>map(id -> mine.contains(id) ? new Claim.Mine(id) : new Claim.Before())
                .toList();
    }

    @Override
    public void record(Collection<Sent> results, Instant now) {
        var rows = Rows.of(results);
        jdbc.sql("""
                        with sent as (
                          select n.id, r.state, r.code from member.notice_recipient n
                          join unnest(?::uuid[], ?::text[], ?::text[]) as r (id, state, code) on n.id = r.id
                          order by n.id for update of n)
                        update member.notice_recipient n
                        set state = sent.state, code = nullif(left(sent.code, 100), ''), ended_at = ?
                        from sent where n.id = sent.id""")
                .param(rows.uuids(Sent::rowId))
                .param(rows.texts(sent -> sent.state().name()))
                .param(rows.texts(sent -> sent.code() == null ? "" : sent.code()))
                .param(Columns.time(now))
                .update();
    }

    @Override
    public void undo(Collection<UUID> rowIds) {
        jdbc.sql("delete from member.notice_recipient where id = any(?::uuid[]) and state = 'SENDING'")
                .param(Rows.of(rowIds).uuids(id -> id))
                .update();
    }

    private static NoticeCampaign campaign(ResultSet row) throws SQLException {
        @Nullable String mall = row.getString("mall_id");
        return new NoticeCampaign(
                new CampaignId(Columns.uuid(row, "id")),
                mall == null ? null : new MallId(mall),
                row.getInt("notice_year"),
                NoticeChannel.valueOf(row.getString("channel")),
                row.getString("template"),
                Columns.instant(row, "created_at"));
    }

    private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        return row.getObject(column, Long.class);
    }
}
