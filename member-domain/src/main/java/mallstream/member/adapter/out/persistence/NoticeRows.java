package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import mallstream.member.model.CampaignId;
import mallstream.member.model.MallId;
import mallstream.member.model.NoticeCampaign;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import org.jspecify.annotations.Nullable;

/** What the tables of notices have in common. */
final class NoticeRows {
    /**
     * The end of a statement that changes rows: {@code changes} has a row per row of one campaign, or is empty. A call of
     * which nothing was taken has ended too: whoever makes calls has the requests, and nothing stands still. That the
     * channel is well is shown only by those who are accepted or rejected.
     */
    static final String COUNT_INTO_A_SLOT = """
            insert into member.notice_progress as p
              (campaign_id, slot, ready, sending, accepted, rejected, unknown, refused, no_contact_data, withdrawn,
               first_at, last_at, finished_at)
            select :campaign, pg_backend_pid() % 16,
                   sum(d.ready), sum(d.sending), sum(d.accepted), sum(d.rejected), sum(d.unknown),
                   sum(d.refused), sum(d.no_contact_data), sum(d.withdrawn), min(d.first_at), max(d.last_at),
                   max(d.finished_at)
            from (select (becomes = 'READY')::int - (was = 'READY')::int as ready,
                         (becomes = 'SENDING')::int - (was = 'SENDING')::int as sending,
                         (becomes = 'ACCEPTED')::int - (was = 'ACCEPTED')::int as accepted,
                         (becomes = 'REJECTED')::int - (was = 'REJECTED')::int as rejected,
                         (becomes = 'UNKNOWN')::int - (was = 'UNKNOWN')::int as unknown,
                         (becomes = 'EXCLUDED' and why = 'refused')::int as refused,
                         (becomes = 'EXCLUDED' and why = 'no-contact-data')::int as no_contact_data,
                         (becomes = 'EXCLUDED' and why = 'withdrawn')::int as withdrawn,
                         case when becomes = 'SENDING' then now() end as first_at,
                         case when was in ('SENDING', 'UNKNOWN') then now() end as last_at,
                         case when becomes in ('ACCEPTED', 'REJECTED') then now() end as finished_at
                  from changes) d
            having count(*) > 0
            on conflict (campaign_id, slot) do update
            set ready = p.ready + excluded.ready, sending = p.sending + excluded.sending,
                accepted = p.accepted + excluded.accepted, rejected = p.rejected + excluded.rejected,
                unknown = p.unknown + excluded.unknown, refused = p.refused + excluded.refused,
                no_contact_data = p.no_contact_data + excluded.no_contact_data,
                withdrawn = p.withdrawn + excluded.withdrawn,
                first_at = least(p.first_at, excluded.first_at), last_at = greatest(p.last_at, excluded.last_at),
                finished_at = greatest(p.finished_at, excluded.finished_at)""";

    private NoticeRows() {}

    static NoticeCampaign campaign(ResultSet row) throws SQLException {
        @Nullable String mall = row.getString("mall_id");
        return new NoticeCampaign(
                new CampaignId(Columns.uuid(row, "id")),
                mall == null ? null : new MallId(mall),
                row.getInt("notice_year"),
                NoticeChannel.valueOf(row.getString("channel")),
                row.getString("template"),
                row.getInt("template_version"),
                Columns.instant(row, "created_at"),
                NoticeCampaign.State.valueOf(row.getString("state")));
    }

    /** The column of a member's row by which a channel reaches it. */
    static String address(NoticeChannel channel) {
        return switch (channel) {
            case ALIMTALK -> "m.phone";
            case MAIL -> "m.email";
        };
    }

    /** As text, which PostgreSQL casts. */
    static String[] texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }
}
