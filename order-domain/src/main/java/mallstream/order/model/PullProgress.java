package mallstream.order.model;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the pull of an account is.
 *
 * @param mallId the mall; it also names the account
 * @param version counts how often it was stored: whoever stores it says which one it follows
 * @param watermark all changes up to then are stored; it moves when every page and detail of a window is
 * @param window what is being pulled, {@code null} between windows
 * @param dueAt nothing is asked before
 * @param failures failed tries in a row
 * @param failure why the last try failed, with the remedy; {@code null} if it did not
 * @param traceId the source's own name of the failed call
 */
public record PullProgress(
        MallId mallId,
        long version,
        Instant watermark,
        @Nullable PullWindow window,
        Instant dueAt,
        int failures,
        @Nullable String failure,
        @Nullable String traceId) {
    /** Changes of the last minute may still be on their way into the source's list. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    /** The source refuses more. */
    private static final Duration LONGEST = Duration.ofHours(24);

    /** An account of which nothing is stored. */
    public static PullProgress begin(PullPlan.Account account) {
        return new PullProgress(account.mallId(), 0, account.since(), null, Instant.EPOCH, 0, null, null);
    }

    /**
     * What to pull: the window that is being pulled, or the next one. It reaches back by the overlap, but not before the
     * account's beginning.
     *
     * @param plan the plan
     * @param sourceNow the time at the source
     * @return the window; empty if there is nothing to ask for yet
     */
    public Optional<PullWindow> toPull(PullPlan plan, Instant sourceNow) {
        if (window != null) {
            return Optional.of(window);
        }
        Instant since = plan.of(mallId).since();
        Instant back = watermark.minus(plan.overlap());
        Instant from = back.isBefore(since) ? since : back;
        Instant settled = settled(sourceNow);
        Instant longest = from.plus(LONGEST);
        Instant to = longest.isBefore(settled) ? longest : settled;
        return to.isAfter(watermark) ? Optional.of(new PullWindow(from, to)) : Optional.empty();
    }

    /** Whether what is not pulled yet is longer ago than one look at it after the other. */
    public boolean lags(PullPlan plan, Instant sourceNow) {
        return watermark.plus(plan.pollInterval()).isBefore(sourceNow.minus(SETTLED));
    }

    /** Pulling that window. */
    public PullProgress pulling(PullWindow current) {
        return new PullProgress(mallId, version, watermark, current, dueAt, failures, failure, traceId);
    }

    /**
     * Every page and detail of that window is stored.
     *
     * @param whole the window
     * @param sourceNow the time at the source as its last answer told it. A clock that was set since the window was chosen
     *     may have it end in the source's future: the watermark does not follow it there
     */
    public PullProgress stored(PullWindow whole, Instant sourceNow) {
        Instant settled = settled(sourceNow);
        Instant end = whole.to().isBefore(settled) ? whole.to() : settled;
        return new PullProgress(
                mallId, version, end.isAfter(watermark) ? end : watermark, null, dueAt, failures, failure, traceId);
    }

    private static Instant settled(Instant sourceNow) {
        return sourceNow.minus(SETTLED).truncatedTo(ChronoUnit.MILLIS);
    }

    /** The last try did not fail. */
    public PullProgress working() {
        return new PullProgress(mallId, version, watermark, window, dueAt, 0, null, null);
    }

    /** Nothing is asked before that time. */
    public PullProgress restingUntil(Instant until) {
        return new PullProgress(mallId, version, watermark, window, until, failures, failure, traceId);
    }

    /**
     * A try failed.
     *
     * @param until when the next one is due
     * @param why in words, with the remedy
     * @param trace the source's own name of the call
     */
    public PullProgress failing(Instant until, String why, @Nullable String trace) {
        return new PullProgress(mallId, version, watermark, window, until, failures + 1, why, trace);
    }
}
