package mallstream.member.application.port.out;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;

/** The coupon policies that malls set. */
public interface CouponPolicies {
    /**
     * Gives the version that comes next, and keeps others from it until the transaction ends.
     *
     * @param mallId the mall
     * @param code the policy
     * @return 2 or more
     */
    int nextVersion(MallId mallId, String code);

    /**
     * @param version a new version, numbered by {@link #nextVersion} in this transaction
     */
    void add(MallCouponPolicy version);

    /**
     * @param id a version
     * @return the version, if there is one
     */
    Optional<MallCouponPolicy> find(UUID id);

    /**
     * @param mallIds any number of malls
     * @param code the policy
     * @return all versions that those malls set, newest first
     */
    List<MallCouponPolicy> versions(Collection<MallId> mallIds, String code);
}
