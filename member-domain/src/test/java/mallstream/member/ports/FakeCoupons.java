package mallstream.member.ports;

import java.time.Instant;
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
    private final FakeMembers members;
    private final Map<Once, Coupon.Issued> coupons = new HashMap<>();

    FakeCoupons(FakeTransactions transactions, FakeMembers members) {
        this.transactions = transactions;
        this.members = members;
    }

    @Override
    public synchronized Set<Member.Key> issueOnce(Collection<Coupon.Issued> wanted) {
        transactions.mustBeOpen();
        var issued = new HashSet<Member.Key>();
        for (Coupon.Issued coupon : wanted) {
            var once = new Once(coupon.owner(), coupon.policy().code());
            if (!members.hasWithdrawn(coupon.owner()) && coupons.putIfAbsent(once, coupon) == null) {
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

    @Override
    public synchronized void end(Member.Key owner, Instant now) {
        transactions.mustBeOpen();
        coupons.replaceAll((once, coupon) ->
                once.owner().equals(owner) && coupon.expiresAt().isAfter(now)
                        ? new Coupon.Issued(coupon.id(), owner, coupon.policy(), coupon.issuedAt(), now)
                        : coupon);
    }

    private record Once(Member.Key owner, String policy) {}
}
