package mallstream.member.application.service;

import java.time.Clock;
import java.util.List;
import mallstream.member.application.port.in.ReadCouponPolicies;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;
import mallstream.member.model.SignUpBenefits;

@UseCase
final class ReadingCouponPolicies implements ReadCouponPolicies {
    private final Transactions transactions;
    private final CouponPolicies policies;
    private final SignUpBenefits benefits;
    private final Clock clock;

    ReadingCouponPolicies(Transactions transactions, CouponPolicies policies, SignUpBenefits benefits, Clock clock) {
        this.transactions = transactions;
        this.policies = policies;
        this.benefits = benefits;
        this.clock = clock;
    }

    @Override
    public List<CouponPolicy> inForce(MallId mallId) {
        return List.of(MallCouponPolicy.inForce(versions(mallId, CouponPolicy.SIGNUP), clock.instant())
                .map(MallCouponPolicy::policy)
                .orElseGet(benefits::couponPolicy));
    }

    @Override
    public List<MallCouponPolicy> versions(MallId mallId, String code) {
        return transactions.inOne(() -> policies.versions(List.of(mallId), code));
    }
}
