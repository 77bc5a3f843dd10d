package mallstream.member.application.port.out;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import mallstream.member.model.Member;
import mallstream.member.model.PointEntry;
import mallstream.member.model.PointLot;
import org.jspecify.annotations.Nullable;

/**
 * The points of all members: lots, and a ledger to which every change is added. Whoever locks lots and holds a member too
 * holds the member first.
 */
public interface PointLedger {
    /**
     * Grants each lot, with its ledger entry, unless its owner has one of its source or has withdrawn, in one statement.
     * The owners can't withdraw until the transaction ends.
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

    /**
     * Waits for whoever else changes lots of that member, and keeps others waiting until the transaction ends.
     *
     * @param owner a member
     * @return its lots, oldest first
     */
    List<PointLot> lockLotsOf(Member.Key owner);

    /**
     * Locks lots whose time is over and that are not empty; those that another transaction has locked are left to it.
     *
     * @param now lots that expire then or before
     * @param most lots at the most, 1 or more
     * @return the lots, in any order; empty where there is nothing to do
     */
    List<PointLot> lockExpired(Instant now, int most);

    /**
     * Adds entries to the ledger and changes the rests of their lots, in one statement.
     *
     * @param entries of lots that this transaction has locked, and no grants
     */
    void book(Collection<PointEntry> entries);

    /**
     * @param owner a member
     * @param useId a use
     * @return the entries of that use and of its restorations, as they were booked; empty where the member has none such
     */
    List<PointEntry> entriesOfUse(Member.Key owner, UUID useId);

    /**
     * One page of a member's ledger, newest first.
     *
     * @param owner a member
     * @param before only what was booked before the entry of that sequence; {@code null} for the first page
     * @param most size of the page, 1 or more
     * @return the page; empty at the end
     */
    List<Booked> ledgerOf(Member.Key owner, @Nullable Long before, int most);

    /**
     * An entry in its place.
     *
     * @param sequence grows with each entry
     * @param entry what was booked
     */
    record Booked(long sequence, PointEntry entry) {}
}
