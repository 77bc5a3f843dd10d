package mallstream.member.model;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One version of a policy, as a mall set it. Versions are added and never changed.
 *
 * @param id this version
 * @param mallId whose it is
 * @param policy the terms, with a version of 2 or more
 * @param activeFrom from when on it counts, though not before {@code setAt}
 * @param activeUntil from when on it counts no more; {@code null} for no end
 * @param setAt when the mall set it
 */
public record MallCouponPolicy(
        UUID id,
        MallId mallId,
        CouponPolicy policy,
        Instant activeFrom,
        @Nullable Instant activeUntil,
        Instant setAt) {
    /** @throws InvalidValue if the time ends before it starts */
    public MallCouponPolicy {
        if (activeUntil != null && !activeUntil.isAfter(activeFrom)) {
            throw new InvalidValue("activeUntil", "must be after activeFrom");
        }
    }

    /**
     * @param time a time
     * @return whether this version counts then; another may count before it
     */
    public boolean isActiveAt(Instant time) {
        return !time.isBefore(setAt)
                && !time.isBefore(activeFrom)
                && (activeUntil == null || time.isBefore(activeUntil));
    }

    /**
     * The newest version that is active: a limited one stands before an unlimited one for its time, and gives way to it
     * again.
     *
     * @param versions of one mall and one code
     * @param time a time
     * @return the version in force then; empty where the settings of the platform count
     */
    public static Optional<MallCouponPolicy> inForce(Collection<MallCouponPolicy> versions, Instant time) {
        return versions.stream()
                .filter(version -> version.isActiveAt(time))
                .max(Comparator.comparingInt(version -> version.policy().version()));
    }
}
