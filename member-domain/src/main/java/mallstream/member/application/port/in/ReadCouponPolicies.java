package mallstream.member.application.port.in;

import java.util.List;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;

/** Shows a mall's policies. */
public interface ReadCouponPolicies {
    /**
     * @param mallId the mall; any, since a mall that set nothing has the platform's settings
     * @return the terms in force now, for each policy
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    List<CouponPolicy> inForce(MallId mallId);

    /**
     * @param mallId the mall
     * @param code the policy
     * @return what the mall ever set, newest first
     * @throws mallstream.member.model.Unavailable if the database failed
     */
    List<MallCouponPolicy> versions(MallId mallId, String code);
}
