package mallstream.order.application.port.out;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.PullCursor;
import mallstream.order.model.PullWindow;
import org.jspecify.annotations.Nullable;

/** A source that is asked for what changed. No call waits for anything but its answer, which takes 40 s at most. */
public interface OrderFeed {
    /** Most lines that {@link #details} takes. */
    int MOST_DETAILS = 300;

    /**
     * The time at the source, which may differ from ours.
     *
     * @param mallId names the account
     * @return the time
     */
    Answer<Instant> time(MallId mallId);

    /**
     * A page of the lines that changed within a window, in the order of their change. Of each line its last change only is
     * there, so a line that changes again while the window is read moves into a later one.
     *
     * @param mallId names the account
     * @param window the window, and where its page begins
     * @return the page, or {@link Denial.RangeTooLong}
     */
    Answer<Page> changes(MallId mallId, PullWindow window);

    /**
     * What is to be known of changed lines.
     *
     * @param mallId names the account
     * @param lines 1 to {@value #MOST_DETAILS}, each line once
     * @return what the channel's reader reads, by line; lines that the source does not know are left out
     */
    Answer<Map<LineId, byte[]>> details(MallId mallId, List<ChangedLine> lines);

    /**
     * Some changes.
     *
     * @param lines in the order of their change
     * @param next where the next page begins; {@code null}: this is the last one
     * @param answeredAt the time at the source as this answer told it
     */
    record Page(List<ChangedLine> lines, @Nullable PullCursor next, Instant answeredAt) {}

    /**
     * A line that changed.
     *
     * @param lineId the line
     * @param orderNo its order
     * @param changedAt when its source changed it
     * @param body what the channel's reader reads where no details can be had
     */
    record ChangedLine(LineId lineId, OrderNo orderNo, Instant changedAt, byte[] body) {
        /** Says nothing of the content. */
        @Override
        public String toString() {
            return "ChangedLine[" + orderNo + ", " + lineId + ", " + changedAt + "]";
        }
    }

    /** What the source answered. */
    sealed interface Answer<T> {
        /**
         * What was asked for.
         *
         * @param value it
         */
        record Got<T>(T value) implements Answer<T> {}

        /**
         * Not what was asked for.
         *
         * @param denial why
         */
        record Denied<T>(Denial denial) implements Answer<T> {}
    }

    /** Why a source does not give what was asked for. */
    sealed interface Denial {
        /**
         * We ask too often.
         *
         * @param pause until it may be asked again, positive
         * @param why in words
         */
        record TooOften(Duration pause, String why) implements Denial {}

        /** The window is too long. */
        record RangeTooLong() implements Denial {}

        /**
         * Asking again gives the same answer until somebody does something.
         *
         * @param why in words, with the remedy
         * @param traceId the source's own name of the call
         */
        record Refused(String why, @Nullable String traceId) implements Denial {}

        /**
         * It did not answer, or had a failure of its own.
         *
         * @param why in words
         * @param traceId the source's own name of the call
         */
        record Away(String why, @Nullable String traceId) implements Denial {}
    }
}
