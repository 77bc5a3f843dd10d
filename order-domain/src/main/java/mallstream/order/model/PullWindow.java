package mallstream.order.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The span of change times that is being pulled, and how far that is.
 *
 * @param from its first moment
 * @param to its last moment, inclusive
 * @param pages how many of its pages are stored
 * @param asked how often the details of the current page were asked for in vain
 * @param cursor where the current page begins; {@code null}: at the window's first moment
 */
public record PullWindow(
        Instant from,
        Instant to,
        int pages,
        int asked,
        @Nullable PullCursor cursor) {
    /** Three million changes of a day are no mall's: a source that hands out more pages goes round in circles. */
    static final int MOST_PAGES = 10_000;

    /** A window of which nothing is stored. */
    public PullWindow(Instant from, Instant to) {
        this(from, to, 0, 0, null);
    }

    /**
     * This window after a page of it is stored.
     *
     * @param next where the next page begins
     * @return the window; empty if the cursor does not move on, and following it would never end
     */
    public Optional<PullWindow> turnedTo(PullCursor next) {
        boolean moves = !next.equals(cursor) && !next.from().isBefore(cursor == null ? from : cursor.from());
        return moves && pages < MOST_PAGES
                ? Optional.of(new PullWindow(from, to, pages + 1, 0, next))
                : Optional.empty();
    }

    /** This window with details of the current page asked for in vain once more. */
    public PullWindow askedInVain() {
        return new PullWindow(from, to, pages, asked + 1, cursor);
    }

    /** This window from its first page. */
    public PullWindow fromItsStart() {
        return new PullWindow(from, to);
    }

    /** The first half of it. */
    public PullWindow half() {
        return new PullWindow(from, from.plusMillis(Duration.between(from, to).toMillis() / 2));
    }
}
