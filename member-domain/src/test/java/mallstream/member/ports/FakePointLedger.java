package mallstream.member.ports;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;

final class FakePointLedger implements PointLedger {
    private final FakeTransactions transactions;
    private final Map<Once, PointLot> lots = new HashMap<>();

    FakePointLedger(FakeTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public synchronized Set<Member.Key> grantOnce(Collection<PointLot> wanted) {
        transactions.mustBeOpen();
        var granted = new HashSet<Member.Key>();
        for (PointLot lot : wanted) {
            if (lots.putIfAbsent(new Once(lot.owner(), lot.source()), lot) == null) {
                granted.add(lot.owner());
            }
        }
        return granted;
    }

    @Override
    public synchronized List<PointLot> lotsOf(Member.Key owner) {
        transactions.mustBeOpen();
        return lots.values().stream()
                .filter(lot -> lot.owner().equals(owner))
                .sorted(Comparator.comparing(PointLot::grantedAt))
                .toList();
    }

    private record Once(Member.Key owner, String source) {}
}
