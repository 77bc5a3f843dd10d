package mallstream.member.ports;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.model.Coupon;
import mallstream.member.model.Member;

final class FakeCoupons implements Coupons {
    private final FakeTransactions transactions;
    private final Map<Once, Coupon.Issued> coupons = new HashMap<>();

    FakeCoupons(FakeTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public synchronized Set<Member.Key> issueOnce(Collection<Coupon.Issued> wanted) {
        transactions.mustBeOpen();
        var issued = new HashSet<Member.Key>();
        for (Coupon.Issued coupon : wanted) {
            var once = new Once(coupon.owner(), coupon.policy().code());
            if (coupons.putIfAbsent(once, coupon) == null) {
                issued.add(coupon.owner());
            }
        }
        return issued;
    }

    @Override
    public synchronized List<Coupon.Issued> of(Member.Key owner) {
        transactions.mustBeOpen();
        return coupons.values().stream()
                .filter(coupon -> coupon.owner().equals(owner))
                .sorted(Comparator.comparing(Coupon.Issued::issuedAt))
                .toList();
    }

    private record Once(Member.Key owner, String policy) {}
}
