package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.model.CampaignId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRecipient.State;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Who changes rows of a call holds the call first: the one with its lease, of whom there is one. Claims of the same members
 * find their rows in the order of the key. The counters come last.
 */
@Component
final class JdbcNoticeCalls implements NoticeCalls {
    private final JdbcClient jdbc;

    JdbcNoticeCalls(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Claimed> begin(Call call, Collection<MemberId> members) {
        inTheOrderOfTheKey();
        // All are marked at once, as if nobody were to be left out, for seldom is anybody. Locking the rows first, to
        // judge them before each is marked, took 1.6 times as long.
        List<Marked> marked = jdbc.sql("""
                        with given as materialized (select :members::uuid[] as members),
                        whom as materialized (
                          select m.id, m.mall_id, m.name, %1$s as address, m.notices_refused
                          from member.member m where m.id = any((select members from given)::uuid[])),
                        marked as (
                          update member.notice_recipient
                          set state = 'SENDING', code = null, call_id = :call, begun_at = :now
                          where campaign_id = :campaign and member_id = any((select members from given)::uuid[])
                            and state = 'READY'
                            and exists (select 1 from member.notice_campaign where id = :campaign and state = 'SENDING')
                          returning id, member_id, mall_id, attempts),
                        judged as (
                          select r.id, r.member_id, r.attempts, m.name, m.address,
                                 case when m.id is null then 'withdrawn'
                                      when m.notices_refused then 'refused'
                                      when m.address = '' then 'no-contact-data' end as reason
                          from marked r left join whom m on m.id = r.member_id and m.mall_id = r.mall_id),
                        opened as (
                          insert into member.notice_call
                            (call_id, campaign_id, channel, members, begun_at, leased_until)
                          select :call, :campaign, :channel, array_agg(member_id order by member_id), :now,
                                 now() + make_interval(secs => :lease)
                          from judged where reason is null having count(*) > 0),
                        changes as (
                          select case when reason is null then 'SENDING' else 'EXCLUDED' end as becomes, reason as why,
                                 'READY' as was
                          from judged),
                        counted as (%2$s)
                        select * from judged order by member_id""".formatted(NoticeRows.address(call.channel()), NoticeRows.COUNT_INTO_A_SLOT))
                .param("campaign", call.campaignId().value())
                .param(
                        "members",
                        NoticeRows.texts(members.stream().map(MemberId::value).toList()))
                .param("call", call.id())
                .param("channel", call.channel().name())
                .param("now", Columns.time(call.begunAt()))
                .param("lease", Columns.seconds(call.lease()))
                .query((row, n) -> marked(row))
                .list();
        exclude(call, marked);
        return marked.stream().flatMap(one -> one.claimed().stream()).toList();
    }

    private void exclude(Call call, List<Marked> marked) {
        List<Marked> out =
                marked.stream().filter(one -> one.claimed().isEmpty()).toList();
        if (out.isEmpty()) {
            return;
        }
        var rows = Rows.of(out);
        jdbc.sql("""
                        update member.notice_recipient r
                        set state = 'EXCLUDED', code = x.reason, call_id = null, begun_at = null, ended_at = :now
                        from unnest(:members::uuid[], :reasons::text[]) as x (member_id, reason)
                        where r.campaign_id = :campaign and r.member_id = x.member_id
                          and r.member_id = any(:members::uuid[])""")
                .param("members", rows.uuids(one -> one.member().value()))
                .param("reasons", rows.texts(Marked::reason))
                .param("campaign", call.campaignId().value())
                .param("now", Columns.time(call.begunAt()))
                .update();
    }

    /**
     * So that those who lock rows of the same members do so in one order, that of the primary key: by a bitmap it would be
     * that of the table. And so that a join of a thousand with a thousand, which the planner takes for ten with ten, does
     * not compare each with each.
     */
    private void inTheOrderOfTheKey() {
        jdbc.sql("""
                        select set_config('enable_nestloop', 'off', true), set_config('enable_bitmapscan', 'off', true),
                               set_config('enable_indexscan', 'on', true)""").query().singleRow();
    }

    private static Marked marked(ResultSet row) throws SQLException {
        var member = new MemberId(Columns.uuid(row, "member_id"));
        @Nullable String reason = row.getString("reason");
        return reason != null
                ? new Marked(member, reason, Optional.empty())
                : new Marked(
                        member,
                        "",
                        Optional.of(new Claimed(
                                Columns.uuid(row, "id"),
                                member,
                                row.getInt("attempts"),
                                row.getString("address"),
                                row.getString("name"))));
    }

    @Override
    public boolean end(UUID callId, Collection<Ended> results, Instant now, Duration settle) {
        boolean lost = results.stream().anyMatch(ended -> ended.state() == State.UNKNOWN);
        Optional<UUID> campaign = jdbc.sql("""
                        update member.notice_call
                        set lease = lease + 1, ended_at = case when :lost then null else :now::timestamptz end,
                            leased_until = now() + make_interval(secs => :settle)
                        where call_id = :call and lease = 0 and ended_at is null
                        returning campaign_id""")
                .param("lost", lost)
                .param("now", Columns.time(now))
                .param("settle", Columns.seconds(settle))
                .param("call", callId)
                .query(UUID.class)
                .optional();
        campaign.ifPresent(id -> record(id, callId, "SENDING", results, now));
        return campaign.isPresent();
    }

    /**
     * The call tells whose rows they are and how they were counted, not their state: the jar before this one writes
     * UNKNOWN over a row in a call, and counts nothing.
     */
    private void record(UUID campaign, UUID callId, String from, Collection<Ended> results, Instant now) {
        var rows = Rows.of(results);
        inTheOrderOfTheKey();
        // By the join alone, while the table has no statistics, each call would read all rows of the campaign: so the
        // statement names the members a second time, for the index.
        jdbc.sql("""
                        with ended as (
                          select * from unnest(:members::uuid[], :states::text[], :codes::text[], :attempts::int[])
                            as e (member_id, state, code, attempts)
                          order by member_id),
                        changed as (
                          update member.notice_recipient r
                          set state = e.state, code = nullif(left(e.code, 100), ''), attempts = r.attempts + e.attempts,
                              call_id = case when e.state = 'READY' then null else r.call_id end,
                              ended_at = case when e.state = 'READY' then null else :now::timestamptz end
                          from ended e
                          where r.campaign_id = :campaign and r.member_id = e.member_id and r.call_id = :call
                            and r.member_id = any(:members::uuid[])
                          returning r.state),
                        changes as (select state as becomes, null::text as why, :from::text as was from changed)
                        """ + NoticeRows.COUNT_INTO_A_SLOT)
                .param("members", rows.uuids(ended -> ended.memberId().value()))
                .param("states", rows.texts(ended -> ended.state().name()))
                .param("codes", rows.texts(ended -> ended.code() == null ? "" : ended.code()))
                .param("attempts", rows.integers(ended -> ended.attempt() ? 1 : 0))
                .param("campaign", campaign)
                .param("call", callId)
                .param("from", from)
                .param("now", Columns.time(now))
                .update();
    }

    @Override
    public boolean giveUp(Instant now, Duration settle) {
        Optional<Overdue> overdue = jdbc.sql("""
                        update member.notice_call
                        set lease = lease + 1, leased_until = now() + make_interval(secs => ?)
                        where call_id = (select call_id from member.notice_call
                                         where ended_at is null and lease = 0 and leased_until < now()
                                         order by leased_until limit 1 for no key update skip locked)
                        returning call_id, campaign_id, members""")
                .param(Columns.seconds(settle))
                .query((row, n) ->
                        new Overdue(Columns.uuid(row, "call_id"), Columns.uuid(row, "campaign_id"), List.of((UUID[])
                                row.getArray("members").getArray())))
                .optional();
        overdue.ifPresent(call -> record(
                call.campaign,
                call.id,
                "SENDING",
                call.members.stream()
                        .map(member -> new Ended(new MemberId(member), State.UNKNOWN, null, false))
                        .toList(),
                now));
        return overdue.isPresent();
    }

    @Override
    public Optional<Lost> lease(Duration lease) {
        return jdbc.sql("""
                        update member.notice_call
                        set lease = lease + 1, leased_until = now() + make_interval(secs => ?)
                        where call_id = (select call_id from member.notice_call
                                         where ended_at is null and lease > 0 and leased_until < now()
                                         order by leased_until limit 1 for no key update skip locked)
                        returning *""")
                .param(Columns.seconds(lease))
                .query((row, n) -> {
                    UUID id = Columns.uuid(row, "call_id");
                    UUID campaign = Columns.uuid(row, "campaign_id");
                    return new Lost(
                            id,
                            new CampaignId(campaign),
                            NoticeChannel.valueOf(row.getString("channel")),
                            Columns.instant(row, "begun_at"),
                            row.getLong("lease"),
                            row.getInt("look_ups"),
                            unknown(campaign, id, (UUID[])
                                    row.getArray("members").getArray()));
                })
                .optional();
    }

    private List<Row> unknown(UUID campaign, UUID call, UUID[] members) {
        return jdbc.sql("""
                        select id, mall_id, member_id, attempts from member.notice_recipient
                        where campaign_id = ? and member_id = any(?::uuid[]) and call_id = ? and state = 'UNKNOWN'
                        order by member_id""")
                .param(campaign)
                .param(NoticeRows.texts(List.of(members)))
                .param(call)
                .query((row, n) -> {
                    Member.Key member = Columns.member(row);
                    return new Row(Columns.uuid(row, "id"), member, row.getInt("attempts"));
                })
                .list();
    }

    @Override
    public boolean resolve(Lost call, Collection<Ended> results, Instant now, @Nullable Duration again) {
        boolean mine = jdbc.sql("""
                        update member.notice_call
                        set look_ups = look_ups + 1, ended_at = case when :over then :now::timestamptz end,
                            leased_until = now() + make_interval(secs => :again)
                        where call_id = :call and lease = :lease and ended_at is null""")
                        .param("over", again == null)
                        .param("now", Columns.time(now))
                        .param("again", Columns.seconds(again == null ? Duration.ZERO : again))
                        .param("call", call.id())
                        .param("lease", call.lease())
                        .update()
                == 1;
        if (mine) {
            record(call.campaignId().value(), call.id(), State.UNKNOWN.name(), results, now);
        }
        return mine;
    }

    @Override
    public Backlog backlog(Instant now) {
        return jdbc.sql("""
                        select count(*) filter (where lease > 0) as lost, coalesce(min(begun_at), :now) as oldest
                        from member.notice_call where ended_at is null""")
                .param("now", Columns.time(now))
                .query((row, n) -> {
                    // Another instance's clock may be ahead.
                    Instant oldest = Collections.min(List.of(Columns.instant(row, "oldest"), now));
                    return new Backlog(row.getInt("lost"), Duration.between(oldest, now));
                })
                .single();
    }

    /** Either claimed or, for a reason, not. */
    private record Marked(MemberId member, String reason, Optional<Claimed> claimed) {}

    private record Overdue(UUID id, UUID campaign, List<UUID> members) {}
}
