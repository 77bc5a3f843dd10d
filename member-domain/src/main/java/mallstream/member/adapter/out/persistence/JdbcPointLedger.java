package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.model.Member;
import mallstream.member.model.PointEntry;
import mallstream.member.model.PointLot;
import org.jspecify.annotations.Nullable;
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
        Withdrawals.hold(jdbc, lots.stream().map(PointLot::owner).toList());
        var rows = Rows.of(lots);
        return new HashSet<>(jdbc.sql("""
                        with lot as (
                          insert into member.point_lot
                            (id, mall_id, member_id, source, granted, rest, granted_at, expires_at)
                          select * from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[],
                                               ?::timestamptz[], ?::timestamptz[])
                            as l (id, mall_id, member_id, source, granted, rest, granted_at, expires_at)
                          where not exists (select 1 from member.withdrawn_member w
                                            where w.id = l.member_id and w.mall_id = l.mall_id)
                          order by l.member_id, l.mall_id, l.source
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
                .query((row, n) -> lot(row))
                .list();
    }

    // Neither the time of a grant nor the id of a lot ever changes: all who lock a member's lots lock them in one
    // order.

    @Override
    public List<PointLot> lockLotsOf(Member.Key owner) {
        return jdbc.sql("""
                        select * from member.point_lot where mall_id = ? and member_id = ?
                        order by granted_at, id for no key update""")
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .query((row, n) -> lot(row))
                .list();
    }

    @Override
    public List<PointLot> lockExpired(Instant now, int most) {
        return jdbc.sql("""
                        select * from member.point_lot where expires_at <= ? and rest > 0
                        order by expires_at limit ? for no key update skip locked""")
                .param(Columns.time(now))
                .param(most)
                .query((row, n) -> lot(row))
                .list();
    }

    @Override
    public void book(Collection<PointEntry> entries) {
        var rows = Rows.of(entries);
        jdbc.sql("""
                        with entry as materialized (
                          select * from unnest(?::uuid[], ?::text[], ?::bigint[], ?::uuid[], ?::uuid[], ?::timestamptz[])
                            with ordinality as e (lot_id, kind, amount, use_id, restoration_id, booked_at, place)),
                        changed as (
                          update member.point_lot l set rest = l.rest + s.amount
                          from (select lot_id, sum(amount) as amount from entry group by lot_id) s
                          where l.id = s.lot_id)
                        insert into member.point_entry (lot_id, kind, amount, use_id, restoration_id, booked_at)
                        select lot_id, kind, amount, use_id, restoration_id, booked_at from entry order by place""")
                .param(rows.uuids(PointEntry::lotId))
                .param(rows.texts(JdbcPointLedger::kind))
                .param(rows.longs(PointEntry::change))
                .param(rows.uuidsOrNull(JdbcPointLedger::useId))
                .param(rows.uuidsOrNull(
                        entry -> entry instanceof PointEntry.Restore restore ? restore.restorationId() : null))
                .param(rows.times(PointEntry::at))
                .update();
    }

    @Override
    public List<PointEntry> entriesOfUse(Member.Key owner, UUID useId) {
        return jdbc.sql("""
                        select e.* from member.point_entry e join member.point_lot l on l.id = e.lot_id
                        where e.use_id = ? and l.mall_id = ? and l.member_id = ? order by e.sequence""")
                .param(useId)
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .query((row, n) -> entry(row))
                .list();
    }

    @Override
    public List<Booked> ledgerOf(Member.Key owner, @Nullable Long before, int most) {
        return jdbc.sql("""
                        select e.* from member.point_entry e join member.point_lot l on l.id = e.lot_id
                        where l.mall_id = ? and l.member_id = ? and e.sequence < ? order by e.sequence desc limit ?""")
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .param(before == null ? Long.MAX_VALUE : before)
                .param(most)
                .query((row, n) -> new Booked(row.getLong("sequence"), entry(row)))
                .list();
    }

    private static PointLot lot(ResultSet row) throws SQLException {
        return new PointLot(
                Columns.uuid(row, "id"),
                Columns.member(row),
                row.getString("source"),
                row.getLong("granted"),
                row.getLong("rest"),
                Columns.instant(row, "granted_at"),
                Columns.instant(row, "expires_at"));
    }

    private static PointEntry entry(ResultSet row) throws SQLException {
        UUID lotId = Columns.uuid(row, "lot_id");
        long points = Math.abs(row.getLong("amount"));
        Instant at = Columns.instant(row, "booked_at");
        String kind = row.getString("kind");
        return switch (kind) {
            case "GRANT" -> new PointEntry.Grant(lotId, points, at);
            case "USE" -> new PointEntry.Use(lotId, Columns.uuid(row, "use_id"), points, at);
            case "EXPIRE" -> new PointEntry.Expire(lotId, points, at);
            case "REVOKE" -> new PointEntry.Revoke(lotId, points, at);
            case "RESTORE" ->
                new PointEntry.Restore(
                        lotId, Columns.uuid(row, "use_id"), Columns.uuid(row, "restoration_id"), points, at);
            default -> throw new IllegalStateException("the ledger has an entry of kind " + kind);
        };
    }

    private static String kind(PointEntry entry) {
        return switch (entry) {
            case PointEntry.Grant ignored -> "GRANT";
            case PointEntry.Use ignored -> "USE";
            case PointEntry.Expire ignored -> "EXPIRE";
            case PointEntry.Revoke ignored -> "REVOKE";
            case PointEntry.Restore ignored -> "RESTORE";
        };
    }

    private static @Nullable UUID useId(PointEntry entry) {
        return switch (entry) {
            case PointEntry.Use use -> use.useId();
            case PointEntry.Restore restore -> restore.useId();
            case PointEntry.Grant ignored -> null;
            case PointEntry.Expire ignored -> null;
            case PointEntry.Revoke ignored -> null;
        };
    }
}
