package mallstream.member.model;

import java.time.Instant;
import java.util.UUID;

/** A change of one lot, as the ledger keeps it for ever. */
public sealed interface PointEntry {
    /** The lot that changes. */
    UUID lotId();

    /** How many points, whole won, 1 or more. */
    long points();

    /** When. */
    Instant at();

    /** What it adds to the rest of the lot, whole won; below 0 where it takes away. */
    default long change() {
        return switch (this) {
            case Grant ignored -> points();
            case Restore ignored -> points();
            case Use ignored -> -points();
            case Expire ignored -> -points();
            case Revoke ignored -> -points();
        };
    }

    /** The lot began with these points. */
    record Grant(UUID lotId, long points, Instant at) implements PointEntry {}

    /**
     * Points were paid with.
     *
     * @param useId one use may take from several lots
     */
    record Use(UUID lotId, UUID useId, long points, Instant at) implements PointEntry {}

    /** Their time was over. */
    record Expire(UUID lotId, long points, Instant at) implements PointEntry {}

    /** They were taken back. */
    record Revoke(UUID lotId, long points, Instant at) implements PointEntry {}

    /**
     * What was used came back to the lot it was taken from.
     *
     * @param useId what is undone, in part or in whole
     * @param restorationId one restoration may give back to several lots
     */
    record Restore(UUID lotId, UUID useId, UUID restorationId, long points, Instant at) implements PointEntry {}
}
