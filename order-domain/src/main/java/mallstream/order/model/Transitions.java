package mallstream.order.model;

import static mallstream.order.model.LineStatus.End.RETURNED;
import static mallstream.order.model.LineStatus.Live.PAID;
import static mallstream.order.model.LineStatus.Live.PREPARING;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import mallstream.order.model.Change.Effect.Claims;
import mallstream.order.model.Change.Effect.Refunds;
import mallstream.order.model.Change.Effect.Stands;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.Parked;
import mallstream.order.model.Decision.Why;
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;
import org.jspecify.annotations.Nullable;

/**
 * Which change may follow which: all rules of a line, and nowhere else. A change that comes late never touches what a newer
 * one said. Where only claims are newer, nobody has said anything newer of the fulfilment: then the line is what its changes
 * make of it in the order in which the source made them.
 */
final class Transitions {
    private static final Claim REFUND_DONE = new Claim(Claim.Kind.REFUND, Claim.Stage.DONE);

    private Transitions() {}

    /** What a change does to its line; {@code null} is a line that nobody has heard of. */
    static Decision decide(@Nullable Line line, Change change, Past past) {
        if (line != null && !change.changedAt().isBefore(line.version())) {
            return next(line, change);
        }
        Optional<List<Change>> heard = past.of(change.lineId());
        if (line == null) {
            Line after = inOrder(heard.orElse(List.of()), change);
            return after == null ? new Parked("claim-before-status") : new Applied(null, after);
        }
        Line after = heard.isEmpty() || overtaken(change, heard.get()) ? line : inOrder(heard.get(), change);
        return after == null || after.standsAs(line)
                ? new Ignored(Why.STALE, asked(change), line)
                : new Applied(line.status(), after.of(line.goods().after(change.goods())));
    }

    /** Whether a newer change said both axes. */
    private static boolean overtaken(Change late, List<Change> heard) {
        return heard.stream()
                .anyMatch(each ->
                        each.effect() instanceof Stands && each.changedAt().isAfter(late.changedAt()));
    }

    /** The line as all of these make it, in the order of the source; {@code null} if none of them begins it. */
    private static @Nullable Line inOrder(List<Change> heard, Change late) {
        List<Change> all = new ArrayList<>(heard);
        all.add(late);
        // Stable: of one moment what came first counts as first.
        all.sort(Comparator.comparing(Change::changedAt));
        Line line = null;
        for (Change each : all) {
            line = switch (line == null ? begin(each) : next(line, each)) {
                case Applied applied -> applied.line();
                case Ignored ignored -> ignored.line();
                case Decision.OfAnother other -> line;
                case Parked parked -> line;
            };
        }
        return line;
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
                                change.goods(),
                                change.changedAt()));
            case Claims claims -> new Parked("claim-before-status");
            case Refunds refunds -> new Parked("claim-before-status");
        };
    }

    private static Decision next(Line before, Change change) {
        Line line = new Line(
                before.id(),
                before.status(),
                before.claim(),
                before.returnClaimed(),
                change.goods().after(before.goods()),
                change.changedAt());
        return switch (change.effect()) {
            case Stands stands -> follow(line, stands.status(), stands.claim());
            case Claims claims -> follow(line, line.status(), claims.claim());
            case Refunds refunds -> follow(line, line.returnClaimed() ? RETURNED : line.status(), REFUND_DONE);
        };
    }

    private static Decision follow(Line line, LineStatus to, @Nullable Claim claim) {
        return switch (step(line.status(), to)) {
            case FORWARD, WITHDRAWN -> new Applied(line.status(), with(line, to, claim));
            case SAME -> stay(line, to, claim);
            case BACK -> rejects(claim) ? stay(line, to, claim) : new Ignored(Why.STALE, to, line);
            case OVER -> rejects(claim) ? stay(line, to, claim) : new Ignored(Why.ENDED, to, line);
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
        return switch (from) {
            case End over -> Step.OVER;
            case Live live ->
                switch (to) {
                    case End over -> Step.FORWARD;
                    case Live other -> step(live, other);
                };
        };
    }

    private static Step step(Live from, Live to) {
        if (to.rank() > from.rank()) {
            return Step.FORWARD;
        }
        return from == PREPARING && to == PAID ? Step.WITHDRAWN : Step.BACK;
    }

    /** The status stays: the claim may still change. */
    private static Decision stay(Line line, LineStatus asked, @Nullable Claim claim) {
        Line after = with(line, line.status(), claim);
        return Objects.equals(line.claim(), claim)
                ? new Ignored(Why.SAME, asked, after)
                : new Applied(line.status(), after);
    }

    private static Line with(Line line, LineStatus status, @Nullable Claim claim) {
        return new Line(line.id(), status, claim, returning(line.returnClaimed(), claim), line.goods(), line.version());
    }

    /** A refund's steps belong to the return before them; with no claim left, or another one, the return is off. */
    private static boolean returning(boolean before, @Nullable Claim claim) {
        if (claim == null) {
            return false;
        }
        return switch (claim.kind()) {
            case RETURN -> claim.stage() != Claim.Stage.REJECTED;
            case REFUND -> before;
            case CANCEL, EXCHANGE, HOLDBACK -> false;
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
