package mallstream.kafka.consume.core;

import static org.assertj.core.api.Assertions.assertThat;

import mallstream.kafka.consume.core.StartAt.Commit;
import mallstream.kafka.consume.core.StartAt.From;
import mallstream.kafka.consume.core.StartAt.Gaps;
import mallstream.kafka.consume.core.StartAt.Lost;
import mallstream.kafka.consume.core.StartAt.Stolen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StartAtTest {
    private static final long NONE = -1;
    private static final boolean RESCUED = true;
    private static final boolean FIRST = true;
    private static final boolean LATER = false;

    private static Commit ours(long offset) {
        return new Commit(offset, true);
    }

    private static Commit unstamped(long offset) {
        return new Commit(offset, false);
    }

    private static StartAt normal(@Nullable Commit group, @Nullable Long shadow, boolean atFirstStart) {
        return StartAt.of(group, shadow, !RESCUED, atFirstStart);
    }

    private static StartAt rescued(@Nullable Commit group, @Nullable Long shadow, boolean atFirstStart) {
        return StartAt.of(group, shadow, RESCUED, atFirstStart);
    }

    private static From group(long offset) {
        return new From(offset, Gaps.GROUP, null, false);
    }

    private static From shadow(long offset) {
        return new From(offset, Gaps.SHADOW, null, false);
    }

    private static From bare(long offset) {
        return new From(offset, Gaps.NONE, null, false);
    }

    @Test
    void with_our_stamp_the_higher_one_counts_and_its_gaps() {
        assertThat(normal(ours(10), 7L, FIRST)).isEqualTo(group(10));
        assertThat(normal(ours(10), 10L, FIRST)).isEqualTo(group(10));
        assertThat(normal(ours(7), 10L, FIRST)).isEqualTo(shadow(10));
        assertThat(normal(ours(7), null, FIRST)).isEqualTo(group(7));
        assertThat(normal(ours(7), null, LATER)).isEqualTo(group(7));
    }

    @Test
    void without_our_stamp_what_lies_above_the_shadow_was_stolen() {
        assertThat(normal(unstamped(10), 7L, FIRST)).isEqualTo(new From(7, Gaps.SHADOW, new Stolen(7, 10), false));
        assertThat(normal(unstamped(10), 0L, LATER)).isEqualTo(new From(0, Gaps.SHADOW, new Stolen(0, 10), false));
    }

    @Test
    void without_our_stamp_what_lies_below_the_shadow_is_a_rewind_and_handles_all_again() {
        assertThat(normal(unstamped(5), 7L, FIRST)).isEqualTo(new From(5, Gaps.NONE, null, true));
        assertThat(normal(unstamped(0), 7L, FIRST)).isEqualTo(new From(0, Gaps.NONE, null, true));
    }

    @Test
    void a_rewind_to_the_shadow_itself_leaves_nothing_to_lower() {
        assertThat(normal(unstamped(7), 7L, FIRST)).isEqualTo(bare(7));
    }

    @Test
    void without_a_shadow_commits_of_the_first_version_are_followed() {
        assertThat(normal(unstamped(10), null, FIRST)).isEqualTo(bare(10));
        assertThat(normal(unstamped(0), null, FIRST)).isEqualTo(bare(0));
    }

    @Test
    void a_shadow_alone_is_enough() {
        assertThat(normal(null, 7L, FIRST)).isEqualTo(shadow(7));
        assertThat(normal(null, 7L, LATER)).isEqualTo(shadow(7));
    }

    @Test
    void in_a_rescue_only_the_shadow_counts() {
        assertThat(rescued(ours(10), 7L, FIRST)).isEqualTo(shadow(7));
        assertThat(rescued(ours(5), 7L, FIRST)).isEqualTo(shadow(7));
        assertThat(rescued(unstamped(5), 7L, FIRST)).isEqualTo(shadow(7));
        assertThat(rescued(null, 7L, FIRST)).isEqualTo(shadow(7));
        assertThat(rescued(unstamped(10), 7L, FIRST)).isEqualTo(new From(7, Gaps.SHADOW, new Stolen(7, 10), false));
    }

    @Test
    void in_a_rescue_without_a_shadow_only_our_stamp_is_believed() {
        assertThat(rescued(ours(10), null, FIRST)).isEqualTo(group(10));
        assertThat(rescued(unstamped(10), null, FIRST)).isEqualTo(new Lost());
        assertThat(rescued(null, null, FIRST)).isEqualTo(new Lost());
    }

    @Test
    void a_partition_that_was_added_later_starts_at_its_beginning() {
        assertThat(normal(null, null, LATER)).isEqualTo(bare(0));
        assertThat(rescued(null, null, LATER)).isEqualTo(bare(0));
    }

    @Test
    void what_others_committed_to_a_partition_that_was_added_later_was_stolen() {
        From stolen = new From(0, Gaps.NONE, new Stolen(0, 10), false);
        assertThat(normal(unstamped(10), null, LATER)).isEqualTo(stolen);
        assertThat(rescued(unstamped(10), null, LATER)).isEqualTo(stolen);
        assertThat(normal(unstamped(0), null, LATER)).isEqualTo(bare(0));
    }

    @Test
    void a_partition_of_the_first_start_with_neither_is_lost() {
        assertThat(normal(null, null, FIRST)).isEqualTo(new Lost());
    }

    /** Whatever stands where: the start never lies above what we vouch for, and a stolen span begins at the start. */
    @Test
    void nothing_that_only_a_stranger_committed_is_ever_skipped() {
        for (long ofGroup = NONE; ofGroup < 4; ofGroup++) {
            for (long ofShadow = NONE; ofShadow < 4; ofShadow++) {
                for (int flags = 0; flags < 8; flags++) {
                    boolean stamped = (flags & 1) != 0;
                    boolean atFirstStart = (flags & 2) != 0;
                    boolean firstVersion = ofShadow == NONE && atFirstStart;
                    long vouched = Math.max(Math.max(ofShadow, 0), stamped || firstVersion ? ofGroup : 0);
                    StartAt start = StartAt.of(
                            ofGroup == NONE ? null : new Commit(ofGroup, stamped),
                            ofShadow == NONE ? null : ofShadow,
                            (flags & 4) != 0,
                            atFirstStart);
                    if (start instanceof From from) {
                        assertThat(from.offset()).isBetween(0L, vouched);
                        assertThat(from.stolen()).isIn(null, new Stolen(from.offset(), ofGroup));
                    }
                }
            }
        }
    }
}
