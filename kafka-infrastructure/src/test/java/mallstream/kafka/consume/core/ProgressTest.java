package mallstream.kafka.consume.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    private static final String OWNER = "mallstream:member.coupon";
    private static final String STAMP = "m1;" + OWNER + ";";
    private static final int LONGEST_METADATA = 4096;

    private static Progress progress(long frontier, long end, long... open) {
        return new Progress(frontier, end, open);
    }

    private static Progress readBack(Progress progress) {
        return Progress.parse(progress.frontier(), progress.metadata(OWNER), OWNER);
    }

    @Test
    void without_gaps_the_metadata_is_the_owner() {
        assertThat(Progress.at(17).metadata(OWNER)).isEqualTo(STAMP);
        assertThat(readBack(Progress.at(17))).isEqualTo(Progress.at(17));
        assertThat(Progress.at(17).finished(16)).isFalse();
    }

    @Test
    void it_is_read_back_as_it_was() {
        assertThat(readBack(progress(5, 9, 5, 7))).isEqualTo(progress(5, 9, 5, 7));
        assertThat(readBack(progress(0, 1, 0))).isEqualTo(progress(0, 1, 0));
        assertThat(readBack(progress(1L << 60, (1L << 60) + 1_000_000, 1L << 60)))
                .isEqualTo(progress(1L << 60, (1L << 60) + 1_000_000, 1L << 60));
        assertThat(readBack(progress(0, 1L << 62, 0, (1L << 62) - 1)))
                .isEqualTo(progress(0, 1L << 62, 0, (1L << 62) - 1));
    }

    @Test
    void everything_between_frontier_and_end_is_finished_but_what_is_open() {
        Progress progress = progress(5, 9, 5, 7);
        assertThat(LongStream.range(0, 12).filter(progress::finished)).containsExactly(6L, 8L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "m1;",
                "m1;shop:member.coupon;AAAA",
                "m1;mallstream:member.coupons;AAAA",
                "m2;mallstream:member.coupon;AAAA",
                "something of a stranger"
            })
    void what_is_not_ours_is_an_offset_without_gaps(String metadata) {
        assertThat(Progress.stamped(metadata, OWNER)).isFalse();
        assertThat(Progress.parse(42, metadata, OWNER)).isEqualTo(Progress.at(42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "A", "AA", "AAAA", "AAAAAAA", "AAAAAAAAAAAA", "____________", "AAAAAA=="})
    void what_cannot_be_read_is_an_offset_without_gaps(String gaps) {
        assertThat(Progress.stamped(STAMP + gaps, OWNER)).isTrue();
        assertThat(Progress.parse(42, STAMP + gaps, OWNER)).isEqualTo(Progress.at(42));
    }

    @Test
    void gaps_that_belong_to_another_offset_are_not_believed() {
        String metadata = progress(100, 200, 100, 150).metadata(OWNER);
        assertThat(Progress.parse(100, metadata, OWNER)).isEqualTo(progress(100, 200, 100, 150));
        assertThat(Progress.parse(90, metadata, OWNER)).isEqualTo(Progress.at(90));
        assertThat(Progress.parse(0, metadata, OWNER)).isEqualTo(Progress.at(0));
    }

    @Test
    void gaps_that_were_damaged_are_not_believed() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            Progress progress = random(random, 100);
            byte[] gaps = Base64.getUrlDecoder().decode(progress.metadata(OWNER).substring(STAMP.length()));
            byte[] damaged = random.nextBoolean() ? Arrays.copyOf(gaps, random.nextInt(gaps.length)) : gaps.clone();
            if (damaged.length == gaps.length) {
                damaged[random.nextInt(gaps.length)] ^= (byte) (1 << random.nextInt(8));
            }
            String metadata = STAMP + Base64.getUrlEncoder().withoutPadding().encodeToString(damaged);
            assertThat(Progress.parse(progress.frontier(), metadata, OWNER))
                    .isEqualTo(Progress.at(progress.frontier()));
        }
    }

    /** Whatever is finished: what is read back never says more than was said, and says all where that fits. */
    @Test
    void nothing_that_is_open_is_ever_read_back_as_finished() {
        long seed = Long.getLong("progress.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3000; i++) {
            Progress progress = random(random, i % 10 == 0 ? 20_000 : 300);
            String metadata = progress.metadata(OWNER);
            Progress read = Progress.parse(progress.frontier(), metadata, OWNER);
            String told = "-Dprogress.seed=" + seed + ", " + i + ". " + (progress.end() - progress.frontier())
                    + " offsets, " + progress.open().length + " open";
            assertThat(metadata).as(told).hasSizeLessThanOrEqualTo(LONGEST_METADATA);
            if (Progress.fits(progress.end() - progress.frontier(), progress.open().length, OWNER)) {
                assertThat(read).as(told).isEqualTo(progress);
            }
            assertThat(read.frontier()).as(told).isEqualTo(progress.frontier());
            assertThat(read.end()).as(told).isLessThanOrEqualTo(progress.end());
            long[] below = Arrays.stream(progress.open())
                    .filter(open -> open < read.end())
                    .toArray();
            assertThat(read.open()).as(told).containsExactly(below);
        }
    }

    /** An end, and open offsets below it, the first at the frontier: dense, sparse, in runs, or far apart. */
    private static Progress random(SplittableRandom random, int mostOpen) {
        long frontier = random.nextInt(3) == 0 ? 0 : random.nextLong(1L << 50);
        int open = random.nextInt(1, mostOpen);
        int distance = 1 << random.nextInt(1, random.nextInt(4) == 0 ? 30 : 5);
        long[] offsets = new long[open];
        offsets[0] = frontier;
        for (int i = 1; i < open; i++) {
            offsets[i] = offsets[i - 1] + random.nextInt(1, distance + 1);
        }
        return new Progress(frontier, offsets[open - 1] + 1 + random.nextInt(distance), offsets);
    }

    @Test
    void what_does_not_fit_tells_of_the_lower_part() {
        long[] open = LongStream.range(0, 100_000).filter(i -> i % 2 == 0).toArray();
        Progress read = readBack(new Progress(0, 100_000, open));
        assertThat(read.frontier()).isZero();
        assertThat(read.end()).isGreaterThan(5000);
        assertThat(LongStream.range(0, 100_000).filter(read::finished)).allMatch(offset -> offset % 2 == 1);
    }

    @Test
    void what_fits_depends_on_the_span_or_on_how_many_are_open() {
        assertThat(Progress.fits(24_000, 24_000, OWNER)).isTrue();
        assertThat(Progress.fits(25_000, 25_000, OWNER)).isFalse();
        assertThat(Progress.fits(1_000_000, 900, OWNER)).isTrue();
        assertThat(Progress.fits(1_000_000, 1100, OWNER)).isFalse();
    }

    @Test
    void progress_tells_what_is_open_now_and_what_was_known_before_of_offsets_that_have_not_come_again() {
        Progress before = progress(3, 20, 3, 8, 15);
        assertThat(Progress.of(3, new long[0], before)).isEqualTo(before);
        assertThat(Progress.of(5, new long[] {3}, before)).isEqualTo(before);
        assertThat(Progress.of(5, new long[0], before)).isEqualTo(progress(8, 20, 8, 15));
        assertThat(Progress.of(9, new long[] {8}, before)).isEqualTo(progress(8, 20, 8, 15));
        assertThat(Progress.of(16, new long[0], before)).isEqualTo(Progress.at(20));
        assertThat(Progress.of(25, new long[] {15, 23}, before)).isEqualTo(progress(15, 25, 15, 23));
    }

    @Test
    void two_that_say_the_same_are_equal() {
        assertThat(progress(1, 5, 1, 3))
                .isEqualTo(progress(1, 5, 1, 3))
                .hasSameHashCodeAs(progress(1, 5, 1, 3))
                .isNotEqualTo(progress(1, 5, 1, 2))
                .isNotEqualTo(progress(1, 6, 1, 3))
                .hasToString("done below 1 and up to 5 but [1, 3]");
    }

    @Test
    void a_stamp_says_whose_it_is() {
        assertThat(Progress.owner(Progress.at(7).metadata("shop;one:member.coupon")))
                .isEqualTo("shop;one:member.coupon");
        assertThat(Progress.owner("")).isNull();
        assertThat(Progress.owner("m1;")).isNull();
        assertThat(Progress.owner("m1;;AA")).isNull();
        assertThat(Progress.owner("whatever a stranger;writes")).isNull();
    }
}
