package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.Discount;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcCouponPolicies implements CouponPolicies {
    private final JdbcClient jdbc;

    JdbcCouponPolicies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public int nextVersion(MallId mallId, String code) {
        WordLock.COUPON_POLICY.take(jdbc, mallId.value() + "/" + code);
        return jdbc.sql("""
                        select coalesce(max(version), 1) + 1 from member.coupon_policy
                        where mall_id = ? and code = ?""")
                .param(mallId.value())
                .param(code)
                .query(Integer.class)
                .single();
    }

    @Override
    public void add(MallCouponPolicy version) {
        CouponPolicy policy = version.policy();
        Terms terms = Terms.of(policy.discount());
        jdbc.sql("""
                        insert into member.coupon_policy
                          (id, mall_id, code, version, percent, amount, cap, minimum_order, days_valid,
                           active_from, active_until, set_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(version.id())
                .param(version.mallId().value())
                .param(policy.code())
                .param(policy.version())
                .param(policy.discount() instanceof Discount.Percent percent ? percent.percent() : null)
                .param(terms.amount())
                .param(terms.cap())
                .param(policy.minimumOrder())
                .param(policy.daysValid())
                .param(Columns.time(version.activeFrom()))
                .param(Columns.timeOrNull(version.activeUntil()))
                .param(Columns.time(version.setAt()))
                .update();
    }

    @Override
    public Optional<MallCouponPolicy> find(UUID id) {
        return jdbc.sql("select * from member.coupon_policy where id = ?")
                .param(id)
                .query((row, n) -> version(row))
                .optional();
    }

    @Override
    public List<MallCouponPolicy> versions(Collection<MallId> mallIds, String code) {
        return jdbc.sql("""
                        select * from member.coupon_policy where mall_id = any(?::text[]) and code = ?
                        order by version desc, mall_id""")
                .param(mallIds.stream().map(MallId::value).toArray(String[]::new))
                .param(code)
                .query((row, n) -> version(row))
                .list();
    }

    private static MallCouponPolicy version(ResultSet row) throws SQLException {
        return new MallCouponPolicy(
                Columns.uuid(row, "id"),
                new MallId(row.getString("mall_id")),
                new CouponPolicy(
                        row.getString("code"),
                        row.getInt("version"),
                        Terms.discount(row),
                        row.getLong("minimum_order"),
                        row.getInt("days_valid")),
                Columns.instant(row, "active_from"),
                Columns.instantOrNull(row, "active_until"),
                Columns.instant(row, "set_at"));
    }
}
