package mallstream.kafka.consume.sim;

import java.util.ArrayList;
import java.util.List;
import mallstream.kafka.consume.core.Progress;
import mallstream.kafka.consume.core.Source;
import org.jspecify.annotations.Nullable;

/** A partition at the broker: its records, with holes between their offsets, and what the group has committed. */
final class Log {
    final Source source;
    final List<Entry> entries = new ArrayList<>();
    /** The next offset; markers of transactions may stand between the last record and it. */
    long end;

    long committed;
    private @Nullable Epoch committer;
    String metadata = "";

    Log(Source source, long start) {
        this.source = source;
        this.end = start;
        this.committed = start;
    }

    /** The index of the first record at or above the offset. */
    int from(long offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).offset < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * A commit arrives: it covers nothing that could still be lost, and it does not go back, but for the first one of an
     * epoch that begins where an operator wants it.
     */
    void commit(long offset, String withMetadata, String owner, Epoch epoch) {
        boolean mayGoBack = epoch.moved && epoch != committer;
        Broken.unless(
                mayGoBack || offset >= committed,
                source,
                ": the committed offset goes back from ",
                committed,
                " to ",
                offset);
        committer = epoch;
        Broken.unless(offset <= end, source, ": ", offset, " is committed beyond the end ", end);
        Progress progress = Progress.parse(offset, withMetadata, owner);
        for (Entry each : entries) {
            if (covers(progress, each.offset)) {
                Broken.unless(each.safe(), each, " is lost: it is committed and was never handled: ", progress);
            }
        }
        set(offset, withMetadata);
    }

    /** An operator has set the offset in his own way. */
    void set(long offset, String withMetadata) {
        committed = offset;
        metadata = withMetadata;
    }

    /** An operator moves a running member: what he skips is not lost. */
    void skip(long offset) {
        for (Entry each : entries) {
            each.skipped |= each.offset < offset;
        }
    }

    /** Whether progress says that an offset is finished. */
    static boolean covers(Progress progress, long offset) {
        if (offset < progress.frontier()) {
            return true;
        }
        if (offset >= progress.end()) {
            return false;
        }
        for (long open : progress.open()) {
            if (open == offset) {
                return false;
            }
        }
        return true;
    }
}
