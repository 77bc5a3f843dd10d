package mallstream.kafka.consume.core;

import org.jspecify.annotations.Nullable;

/**
 * Where handling of a partition starts when it is assigned. Two commits tell: the group's own, which a stranger can move,
 * and the one of the shadow group, which only we write. The group's counts where it carries our stamp; without it, it is
 * either a stranger's or an operator's.
 */
public sealed interface StartAt {
    /**
     * Decides for one partition.
     *
     * @param group the group's commit; {@code null}: there is none
     * @param shadow the offset of the shadow group's commit, 0 or more; {@code null}: there is none
     * @param rescued whether this instance is in the shadow group now
     * @param atFirstStart whether the partition was there when the group first ran; others were added later
     * @return where to start, or that nobody knows any more
     */
    static StartAt of(@Nullable Commit group, @Nullable Long shadow, boolean rescued, boolean atFirstStart) {
        if (shadow == null) {
            return withoutShadow(group, rescued, atFirstStart);
        }
        if (group == null) {
            return new From(shadow, Gaps.SHADOW, null, false);
        }
        if (rescued) {
            return new From(shadow, Gaps.SHADOW, stolen(shadow, group), false);
        }
        if (group.stamped) {
            return group.offset >= shadow
                    ? new From(group.offset, Gaps.GROUP, null, false)
                    : new From(shadow, Gaps.SHADOW, null, false);
        }
        if (group.offset > shadow) {
            return new From(shadow, Gaps.SHADOW, stolen(shadow, group), false);
        }
        return new From(group.offset, Gaps.NONE, null, group.offset < shadow);
    }

    private static StartAt withoutShadow(@Nullable Commit group, boolean rescued, boolean atFirstStart) {
        if (group != null && group.stamped) {
            return new From(group.offset, Gaps.GROUP, null, false);
        }
        if (!atFirstStart) {
            // Whoever committed here, it was not us: a first version's commit would have been copied to the shadow.
            return new From(0, Gaps.NONE, group == null ? null : stolen(0, group), false);
        }
        // The first version stamped nothing, so without a shadow the group's commit is believed, except while a
        // stranger
        // is known to be there.
        return group == null || rescued ? new Lost() : new From(group.offset, Gaps.NONE, null, false);
    }

    private static @Nullable Stolen stolen(long frontier, Commit group) {
        return !group.stamped && group.offset > frontier ? new Stolen(frontier, group.offset) : null;
    }

    /**
     * Handling starts here.
     *
     * @param offset the first offset that may still have to be handled
     * @param gaps whose commit tells what is finished above the offset
     * @param stolen what a stranger committed and we did not handle; it is handled now. {@code null}: nothing
     * @param rewound an operator went back below the shadow: the shadow has to be set to the offset before anything is
     *     committed to the group with our stamp, or the next start would take it for progress
     */
    record From(long offset, Gaps gaps, @Nullable Stolen stolen, boolean rewound) implements StartAt {}

    /** The group has run, and where it stood is gone: only a person knows what to do. */
    record Lost() implements StartAt {}

    /** Whose commit tells what is finished above its offset. */
    enum Gaps {
        /** The group's own. */
        GROUP,
        /** The shadow group's. */
        SHADOW,
        /** Nobody's: everything above is handled. */
        NONE
    }

    /**
     * A commit of the group.
     *
     * @param offset its offset, 0 or more
     * @param stamped whether it carries our stamp
     */
    record Commit(long offset, boolean stamped) {}

    /**
     * A span of offsets that somebody else has committed in our place.
     *
     * @param from its first offset
     * @param to the offset after its last
     */
    record Stolen(long from, long to) {}
}
