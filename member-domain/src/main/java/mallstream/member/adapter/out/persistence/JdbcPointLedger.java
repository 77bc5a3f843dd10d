package mallstream.member.adapter.out.persistence;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcPointLedger implements PointLedger {
    private final JdbcClient jdbc;

    JdbcPointLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<Member.Key> grantOnce(Collection<PointLot> lots) {
        var rows = Rows.sortedByOwner(lots, PointLot::owner);
        return new HashSet<>(jdbc.sql("""
                        with lot as (
                          insert into member.point_lot
                            (id, mall_id, member_id, source, granted, rest, granted_at, expires_at)
                          select * from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[],
                                               ?::timestamptz[], ?::timestamptz[])
                          on conflict (mall_id, member_id, source) do nothing
                          returning id, mall_id, member_id, granted, granted_at),
                        entry as (
                          insert into member.point_entry (lot_id, kind, amount, booked_at)
                          select id, 'GRANT', granted, granted_at from lot)
                        select mall_id, member_id from lot""")
                .param(rows.uuids(PointLot::id))
                .param(rows.texts(lot -> lot.owner().mallId().value()))
                .param(rows.uuids(lot -> lot.owner().memberId().value()))
                .param(rows.texts(PointLot::source))
                .param(rows.longs(PointLot::granted))
                .param(rows.longs(PointLot::rest))
                .param(rows.times(PointLot::grantedAt))
                .param(rows.times(PointLot::expiresAt))
                .query((row, n) -> Columns.member(row))
                .list());
    }

    @Override
    public List<PointLot> lotsOf(Member.Key owner) {
        return jdbc.sql("select * from member.point_lot where mall_id = ? and member_id = ? order by granted_at, id")
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .query((row, n) -> new PointLot(
                        Columns.uuid(row, "id"),
                        owner,
                        row.getString("source"),
                        row.getLong("granted"),
                        row.getLong("rest"),
                        Columns.instant(row, "granted_at"),
                        Columns.instant(row, "expires_at")))
                .list();
    }
}
