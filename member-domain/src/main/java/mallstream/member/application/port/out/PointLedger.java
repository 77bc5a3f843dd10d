package mallstream.member.application.port.out;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import mallstream.member.model.Member;
import mallstream.member.model.PointLot;

/** The points of all members: lots, and a ledger to which every change is added. */
public interface PointLedger {
    /**
     * Grants each lot, with its ledger entry, unless its owner has one of its source, in one statement.
     *
     * @param lots full lots of one source; an owner may stand there twice
     * @return the owners who got one now
     */
    Set<Member.Key> grantOnce(Collection<PointLot> lots);

    /**
     * @param owner a member
     * @return its lots, oldest first
     */
    List<PointLot> lotsOf(Member.Key owner);
}
