package mallstream.member.ports;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;

final class FakeCouponPolicies implements CouponPolicies {
    private final FakeTransactions transactions;
    private final List<MallCouponPolicy> all = new ArrayList<>();

    FakeCouponPolicies(FakeTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public synchronized int nextVersion(MallId mallId, String code) {
        return versions(List.of(mallId), code).stream()
                        .mapToInt(version -> version.policy().version())
                        .max()
                        .orElse(1)
                + 1;
    }

    @Override
    public synchronized void add(MallCouponPolicy version) {
        transactions.mustBeOpen();
        all.add(version);
    }

    @Override
    public synchronized Optional<MallCouponPolicy> find(UUID id) {
        transactions.mustBeOpen();
        return all.stream().filter(version -> version.id().equals(id)).findFirst();
    }

    @Override
    public synchronized List<MallCouponPolicy> versions(Collection<MallId> mallIds, String code) {
        transactions.mustBeOpen();
        return all.stream()
                .filter(version -> mallIds.contains(version.mallId()))
                .filter(version -> version.policy().code().equals(code))
                .sorted(Comparator.comparingInt(
                                (MallCouponPolicy version) -> version.policy().version())
                        .reversed())
                .toList();
    }
}
