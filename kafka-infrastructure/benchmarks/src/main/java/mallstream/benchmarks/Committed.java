package mallstream.benchmarks;

import java.util.Arrays;

/**
 * What the commit of one partition says.
 *
 * @param frontier everything below it is finished
 * @param end what is below it, too, unless it is open
 * @param open offsets from frontier to end that are not finished, ascending
 * @param characters of the metadata that say so
 */
record Committed(long frontier, long end, long[] open, int characters) {
    /** A commit that says no more than its offset. */
    static Committed at(long offset) {
        return new Committed(offset, offset, new long[0], 0);
    }

    /** Whether an offset is finished, by the commit. */
    boolean covers(long offset) {
        return offset < frontier || offset < end && Arrays.binarySearch(open, offset) < 0;
    }

    /** Finished offsets above the frontier: a commit that knew no gaps would have them handled again. */
    long above() {
        return end - frontier - open.length;
    }
}
