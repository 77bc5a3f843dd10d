package mallstream.member.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All lots of one member, and every way in which they change: each gives the entries to book, and changes nothing itself.
 *
 * @param lots in any order
 */
public record PointAccount(List<PointLot> lots) {
    private static final Comparator<PointLot> EARLIEST_EXPIRY = Comparator.comparing(PointLot::expiresAt)
            .thenComparing(PointLot::grantedAt)
            .thenComparing(PointLot::id);

    /** Copies the list. */
    public PointAccount {
        lots = List.copyOf(lots);
    }

    /**
     * @param now the time to look at it
     * @return the rest of the lots that have not expired, whole won
     */
    public long balanceAt(Instant now) {
        return lots.stream().mapToLong(lot -> lot.countsAt(now)).sum();
    }

    /**
     * Pays with points, those that expire first before the others.
     *
     * @param useId the new use
     * @param points whole won, 1 or more
     * @param now when
     * @return what to book, or that there are not enough
     */
    public UseResult use(UUID useId, long points, Instant now) {
        long balance = balanceAt(now);
        if (points > balance) {
            return new UseResult.NotEnough(balance);
        }
        var entries = new ArrayList<PointEntry>();
        long open = points;
        for (PointLot lot : lots.stream().sorted(EARLIEST_EXPIRY).toList()) {
            long taken = Math.min(open, lot.countsAt(now));
            if (taken > 0) {
                entries.add(new PointEntry.Use(lot.id(), useId, taken, now));
                open -= taken;
            }
        }
        return new UseResult.Booked(entries);
    }

    /**
     * Gives used points back to the lots that they were taken from, what was taken last first: so a partial restoration
     * is worth the most to the member. Points of a lot whose time is over come back too, and expire again: the ledger
     * says what happened, and no lot gets a longer life by a use that was undone.
     *
     * @param useId the use
     * @param booked the entries of that use and of its restorations, as they were booked
     * @param restorationId the new restoration
     * @param points whole won, 1 or more
     * @param now when
     * @return what to book, or why nothing is
     */
    public static RestoreResult restore(
            UUID useId, List<PointEntry> booked, UUID restorationId, long points, Instant now) {
        Map<UUID, Long> open = new HashMap<>();
        booked.forEach(entry -> open.merge(entry.lotId(), -entry.change(), Long::sum));
        long left = open.values().stream().mapToLong(Long::longValue).sum();
        if (points > left) {
            return new RestoreResult.MoreThanUsed(left);
        }
        var entries = new ArrayList<PointEntry>();
        long rest = points;
        for (PointEntry used : booked.reversed()) {
            if (used instanceof PointEntry.Use use && rest > 0) {
                long back = Math.min(rest, open.getOrDefault(use.lotId(), 0L));
                if (back > 0) {
                    entries.add(new PointEntry.Restore(use.lotId(), useId, restorationId, back, now));
                    rest -= back;
                }
            }
        }
        return new RestoreResult.Booked(entries);
    }

    /**
     * @param now when
     * @return what takes away the rest of each lot whose time is over
     */
    public List<PointEntry> expire(Instant now) {
        return lots.stream()
                .filter(lot -> lot.rest() > 0 && !now.isBefore(lot.expiresAt()))
                .<PointEntry>map(lot -> new PointEntry.Expire(lot.id(), lot.rest(), now))
                .toList();
    }

    /**
     * @param now when
     * @return what takes away all that is left, expired or not
     */
    public List<PointEntry> revoke(Instant now) {
        return lots.stream()
                .filter(lot -> lot.rest() > 0)
                .<PointEntry>map(lot -> new PointEntry.Revoke(lot.id(), lot.rest(), now))
                .toList();
    }

    /**
     * @param entries what was booked since
     * @return the account with those changes
     * @throws InvalidValue if a lot would hold less than nothing or more than was granted
     */
    public PointAccount after(Collection<PointEntry> entries) {
        Map<UUID, Long> changes = new HashMap<>();
        entries.forEach(entry -> changes.merge(entry.lotId(), entry.change(), Long::sum));
        return new PointAccount(lots.stream()
                .map(lot -> lot.withRest(lot.rest() + changes.getOrDefault(lot.id(), 0L)))
                .toList());
    }

    /** How a use ended. */
    public sealed interface UseResult {
        /**
         * @param entries at least one, in the order in which lots were taken from
         */
        record Booked(List<PointEntry> entries) implements UseResult {}

        /**
         * @param balance what there is, whole won
         */
        record NotEnough(long balance) implements UseResult {}
    }

    /** How a restoration ended. */
    public sealed interface RestoreResult {
        /**
         * @param entries at least one
         */
        record Booked(List<PointEntry> entries) implements RestoreResult {}

        /**
         * @param left what of the use was not restored yet, whole won
         */
        record MoreThanUsed(long left) implements RestoreResult {}
    }
}
