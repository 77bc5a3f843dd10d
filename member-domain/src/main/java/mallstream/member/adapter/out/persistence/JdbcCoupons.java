package mallstream.member.adapter.out.persistence;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.model.Coupon;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Member;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcCoupons implements Coupons {
    private final JdbcClient jdbc;

    JdbcCoupons(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<Member.Key> issueOnce(Collection<Coupon.Issued> coupons) {
        var rows = Rows.sortedByOwner(coupons, Coupon.Issued::owner);
        // Arrays keep it one statement of one shape for every size of batch.
        return new HashSet<>(jdbc.sql("""
                        insert into member.coupon
                          (id, mall_id, member_id, policy, policy_version, percent, days_valid, issued_at, expires_at)
                        select * from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::int[], ?::int[], ?::int[],
                                             ?::timestamptz[], ?::timestamptz[])
                        on conflict (mall_id, member_id, policy) do nothing
                        returning mall_id, member_id""")
                .param(rows.uuids(Coupon.Issued::id))
                .param(rows.texts(coupon -> coupon.owner().mallId().value()))
                .param(rows.uuids(coupon -> coupon.owner().memberId().value()))
                .param(rows.texts(coupon -> coupon.policy().code()))
                .param(rows.integers(coupon -> coupon.policy().version()))
                .param(rows.integers(coupon -> coupon.policy().percent()))
                .param(rows.integers(coupon -> coupon.policy().daysValid()))
                .param(rows.times(Coupon.Issued::issuedAt))
                .param(rows.times(Coupon.Issued::expiresAt))
                .query((row, n) -> Columns.member(row))
                .list());
    }

    @Override
    public List<Coupon.Issued> of(Member.Key owner) {
        return jdbc.sql("select * from member.coupon where mall_id = ? and member_id = ? order by issued_at, id")
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .query((row, n) -> new Coupon.Issued(
                        Columns.uuid(row, "id"),
                        owner,
                        new CouponPolicy(
                                row.getString("policy"),
                                row.getInt("policy_version"),
                                row.getInt("percent"),
                                row.getInt("days_valid")),
                        Columns.instant(row, "issued_at"),
                        Columns.instant(row, "expires_at")))
                .list();
    }
}
