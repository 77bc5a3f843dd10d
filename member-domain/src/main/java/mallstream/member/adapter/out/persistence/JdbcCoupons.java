package mallstream.member.adapter.out.persistence;

import java.time.Instant;
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
        Withdrawals.hold(jdbc, coupons.stream().map(Coupon.Issued::owner).toList());
        var rows = Rows.of(coupons);
        // Arrays keep it one statement of one shape for every size of batch.
        return new HashSet<>(jdbc.sql("""
                        insert into member.coupon
                          (id, mall_id, member_id, policy, policy_version, percent, amount, cap, minimum_order,
                           days_valid, issued_at, expires_at)
                        select * from unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::int[], ?::int[],
                                             ?::bigint[], ?::bigint[], ?::bigint[], ?::int[],
                                             ?::timestamptz[], ?::timestamptz[])
                          as c (id, mall_id, member_id, policy, policy_version, percent, amount, cap, minimum_order,
                                days_valid, issued_at, expires_at)
                        where not exists (select 1 from member.withdrawn_member w
                                          where w.id = c.member_id and w.mall_id = c.mall_id)
                        order by c.member_id, c.mall_id, c.policy
                        on conflict (mall_id, member_id, policy) do nothing
                        returning mall_id, member_id""")
                .param(rows.uuids(Coupon.Issued::id))
                .param(rows.texts(coupon -> coupon.owner().mallId().value()))
                .param(rows.uuids(coupon -> coupon.owner().memberId().value()))
                .param(rows.texts(coupon -> coupon.policy().code()))
                .param(rows.integers(coupon -> coupon.policy().version()))
                .param(rows.integers(coupon -> terms(coupon).percent()))
                .param(rows.longsOrNull(coupon -> terms(coupon).amount()))
                .param(rows.longsOrNull(coupon -> terms(coupon).cap()))
                .param(rows.longs(coupon -> coupon.policy().minimumOrder()))
                .param(rows.integers(coupon -> coupon.policy().daysValid()))
                .param(rows.times(Coupon.Issued::issuedAt))
                .param(rows.times(Coupon.Issued::expiresAt))
                .query((row, n) -> Columns.member(row))
                .list());
    }

    private static Terms terms(Coupon.Issued coupon) {
        return Terms.of(coupon.policy().discount());
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
                                Terms.discount(row),
                                row.getLong("minimum_order"),
                                row.getInt("days_valid")),
                        Columns.instant(row, "issued_at"),
                        Columns.instant(row, "expires_at")))
                .list();
    }

    @Override
    public void end(Member.Key owner, Instant now) {
        jdbc.sql("update member.coupon set expires_at = ? where mall_id = ? and member_id = ? and expires_at > ?")
                .param(Columns.time(now))
                .param(owner.mallId().value())
                .param(owner.memberId().value())
                .param(Columns.time(now))
                .update();
    }
}
