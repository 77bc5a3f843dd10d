package mallstream.benchmarks.container;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What health says of one subscription; written by the starter and the poll thread, read by anybody. */
final class SubscriptionState {
    private volatile Condition condition = new Condition(false, "has not started yet");
    private volatile @Nullable Outage outage;
    private volatile int partitions;

    void set(boolean well, String words) {
        condition = new Condition(well, words);
    }

    void outage(@Nullable Outage current) {
        outage = current;
    }

    void partitions(int assigned) {
        partitions = assigned;
    }

    /** The state in words; an outage of what the handler needs comes first. */
    Condition condition() {
        Condition current = condition;
        Outage away = outage;
        if (current.well && away != null) {
            return new Condition(
                    false, away.what + " since " + away.since + "; no event is lost, next try at " + away.until);
        }
        return current;
    }

    /** Partitions that this instance serves. */
    int partitions() {
        return partitions;
    }

    /**
     * @param well whether the subscription does its work
     * @param words why, or why not and what to do
     */
    record Condition(boolean well, String words) {}

    /**
     * @param what what failed, without personal data
     * @param since when it was first seen
     * @param until when it is tried next
     */
    record Outage(String what, Instant since, Instant until) {}
}
