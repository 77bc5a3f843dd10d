package mallstream.order.model;

import static mallstream.order.model.LineStatus.PAID;
import static mallstream.order.model.LineStatus.PREPARING;
import static mallstream.order.model.LineStatus.RETURNED;

import java.time.Instant;
import java.util.Objects;
import mallstream.order.model.Change.Effect.Claims;
import mallstream.order.model.Change.Effect.Refunds;
import mallstream.order.model.Change.Effect.Stands;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.Parked;
import mallstream.order.model.Decision.Why;
import org.jspecify.annotations.Nullable;

/** Which change may follow which: all rules of a line, and nowhere else. */
final class Transitions {
    private static final Claim REFUND_DONE = new Claim(Claim.Kind.REFUND, Claim.Stage.DONE);

    private Transitions() {}

    static Decision decide(@Nullable Line line, Change change) {
        if (line == null) {
            return begin(change);
        }
        if (change.changedAt().isBefore(line.version())) {
            return new Ignored(Why.STALE, asked(change), line);
        }
        return switch (change.effect()) {
            case Stands stands -> follow(line, stands.status(), stands.claim(), change.changedAt());
            case Claims claims -> follow(line, line.status(), claims.claim(), change.changedAt());
            case Refunds refunds ->
                follow(line, line.returnClaimed() ? RETURNED : line.status(), REFUND_DONE, change.changedAt());
        };
    }

    /** A line begins at whatever state is seen first; a claim alone names no state to begin at. */
    private static Decision begin(Change change) {
        return switch (change.effect()) {
            case Stands stands ->
                new Applied(
                        null,
                        new Line(
                                change.lineId(),
                                stands.status(),
                                stands.claim(),
                                returning(false, stands.claim()),
                                change.changedAt()));
            case Claims claims -> new Parked("claim-before-status");
            case Refunds refunds -> new Parked("claim-before-status");
        };
    }

    private static Decision follow(Line line, LineStatus to, @Nullable Claim claim, Instant at) {
        return switch (step(line.status(), to)) {
            case FORWARD, WITHDRAWN -> apply(line, to, claim, at);
            case SAME -> stay(line, to, claim, at);
            case BACK -> rejects(claim) ? stay(line, to, claim, at) : new Ignored(Why.STALE, to, line);
            case OVER -> rejects(claim) ? stay(line, to, claim, at) : new Ignored(Why.ENDED, to, line);
        };
    }

    private enum Step {
        FORWARD,
        WITHDRAWN,
        SAME,
        BACK,
        OVER
    }

    private static Step step(LineStatus from, LineStatus to) {
        if (from == to) {
            return Step.SAME;
        }
        if (from.isEnd()) {
            return Step.OVER;
        }
        if (to.rank() > from.rank()) {
            return Step.FORWARD;
        }
        return from == PREPARING && to == PAID ? Step.WITHDRAWN : Step.BACK;
    }

    /** The status stays: the claim may still change. */
    private static Decision stay(Line line, LineStatus asked, @Nullable Claim claim, Instant at) {
        Decision applied = apply(line, line.status(), claim, at);
        return Objects.equals(line.claim(), claim) ? new Ignored(Why.SAME, asked, ((Applied) applied).line()) : applied;
    }

    private static Applied apply(Line line, LineStatus to, @Nullable Claim claim, Instant at) {
        return new Applied(line.status(), new Line(line.id(), to, claim, returning(line.returnClaimed(), claim), at));
    }

    /** A refund's steps belong to the return before them; with no claim left, or another one, the return is off. */
    private static boolean returning(boolean before, @Nullable Claim claim) {
        if (claim == null) {
            return false;
        }
        return switch (claim.kind()) {
            case RETURN -> claim.stage() != Claim.Stage.REJECTED;
            case REFUND -> before;
            case CANCEL, EXCHANGE -> false;
        };
    }

    /** A rejection says how a claim went and never moves a line back, so it counts beside any status. */
    private static boolean rejects(@Nullable Claim claim) {
        return claim != null && claim.stage() == Claim.Stage.REJECTED;
    }

    private static @Nullable LineStatus asked(Change change) {
        return change.effect() instanceof Stands stands ? stands.status() : null;
    }
}
