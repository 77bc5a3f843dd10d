package mallstream.order.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Claim.Kind;
import mallstream.order.model.Claim.Stage;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.Parked;
import mallstream.order.model.Decision.Why;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionsTest {
    private static final LineId LINE = new LineId("1");
    private static final Instant EARLIER = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = EARLIER.plusSeconds(1);
    private static final Claim CANCEL_REQUESTED = new Claim(Kind.CANCEL, Stage.REQUESTED);
    private static final Claim RETURN_REQUESTED = new Claim(Kind.RETURN, Stage.REQUESTED);
    private static final Claim RETURN_REJECTED = new Claim(Kind.RETURN, Stage.REJECTED);
    private static final Claim REFUND_REQUESTED = new Claim(Kind.REFUND, Stage.REQUESTED);
    private static final Claim REFUND_DONE = new Claim(Kind.REFUND, Stage.DONE);

    /** From the row to the column: goes, same, stale (-) or ended (x). */
    private static final String TABLE = """
                  CREATED PAID PREPARING SHIPPING DELIVERED CONFIRMED CANCELED RETURNED EXCHANGED ABORTED
        CREATED   same    goes goes      goes     goes      goes      goes     goes     goes      goes
        PAID      -       same goes      goes     goes      goes      goes     goes     goes      goes
        PREPARING -       goes same      goes     goes      goes      goes     goes     goes      goes
        SHIPPING  -       -    -         same     goes      goes      goes     goes     goes      goes
        DELIVERED -       -    -         -        same      goes      goes     goes     goes      goes
        CONFIRMED -       -    -         -        -         same      goes     goes     goes      goes
        CANCELED  x       x    x         x        x         x         same     x        x         x
        RETURNED  x       x    x         x        x         x         x        same     x         x
        EXCHANGED x       x    x         x        x         x         x        x        same      x
        ABORTED   x       x    x         x        x         x         x        x        x         same
        """;

    @Test
    void every_status_may_become_what_the_table_says_and_nothing_else() {
        List<String[]> rows = TABLE.lines().map(row -> row.strip().split(" +")).toList();
        List<String> seen = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        for (String[] row : rows.subList(1, rows.size())) {
            LineStatus from = LineStatus.valueOf(row[0]);
            for (int column = 1; column < row.length; column++) {
                LineStatus to = LineStatus.valueOf(rows.getFirst()[column - 1]);
                wanted.add(from + " to " + to + ": " + row[column]);
                seen.add(from + " to " + to + ": " + word(Transitions.decide(line(from, null), stands(to, null)), to));
            }
        }
        assertThat(seen).hasSize(100).isEqualTo(wanted);
    }

    private static String word(Decision decision, LineStatus to) {
        return switch (decision) {
            case Applied applied -> applied.line().status() == to ? "goes" : "elsewhere";
            case Ignored ignored ->
                switch (ignored.why()) {
                    case SAME -> "same";
                    case STALE -> "-";
                    case ENDED -> "x";
                };
            case Parked parked -> "parked";
        };
    }

    @ParameterizedTest
    @EnumSource(LineStatus.class)
    void a_line_begins_at_the_first_status_seen(LineStatus first) {
        assertThat(Transitions.decide(null, stands(first, CANCEL_REQUESTED)))
                .isEqualTo(new Applied(null, new Line(LINE, first, CANCEL_REQUESTED, false, LATER)));
    }

    @Test
    void a_claim_upon_an_unknown_line_is_parked_because_it_names_no_status() {
        assertThat(Transitions.decide(null, change(new Effect.Claims(CANCEL_REQUESTED), LATER)))
                .isEqualTo(new Parked("claim-before-status"));
        assertThat(Transitions.decide(null, change(new Effect.Refunds(), LATER)))
                .isEqualTo(new Parked("claim-before-status"));
    }

    @ParameterizedTest
    @EnumSource(LineStatus.class)
    void a_change_older_than_the_line_never_changes_it(LineStatus to) {
        Line line = new Line(LINE, LineStatus.PREPARING, null, false, LATER);
        assertThat(Transitions.decide(line, change(new Effect.Stands(to, CANCEL_REQUESTED), EARLIER)))
                .isEqualTo(new Ignored(Why.STALE, to, line));
        assertThat(Transitions.decide(line, change(new Effect.Claims(CANCEL_REQUESTED), EARLIER)))
                .isEqualTo(new Ignored(Why.STALE, null, line));
    }

    @Test
    void a_change_as_old_as_the_line_counts() {
        Line line = new Line(LINE, LineStatus.PAID, null, false, LATER);
        assertThat(Transitions.decide(line, stands(LineStatus.SHIPPING, null)))
                .isEqualTo(new Applied(LineStatus.PAID, new Line(LINE, LineStatus.SHIPPING, null, false, LATER)));
    }

    @Test
    void a_repeated_state_makes_the_line_as_new_as_the_repetition() {
        assertThat(Transitions.decide(line(LineStatus.PAID, null), stands(LineStatus.PAID, null)))
                .isEqualTo(new Ignored(Why.SAME, LineStatus.PAID, new Line(LINE, LineStatus.PAID, null, false, LATER)));
    }

    @Test
    void a_claim_stands_beside_the_status_and_is_withdrawn_by_the_same_status_without_it() {
        Line requested = applied(line(LineStatus.PAID, null), new Effect.Claims(CANCEL_REQUESTED));
        assertThat(requested).isEqualTo(new Line(LINE, LineStatus.PAID, CANCEL_REQUESTED, false, LATER));
        assertThat(applied(requested, new Effect.Stands(LineStatus.PAID, null)))
                .isEqualTo(new Line(LINE, LineStatus.PAID, null, false, LATER));
    }

    @Test
    void a_rejected_claim_touches_the_claim_axis_only() {
        Effect rejected = new Effect.Stands(LineStatus.DELIVERED, RETURN_REJECTED);
        assertThat(applied(line(LineStatus.CONFIRMED, RETURN_REQUESTED), rejected))
                .isEqualTo(new Line(LINE, LineStatus.CONFIRMED, RETURN_REJECTED, false, LATER));
        assertThat(applied(line(LineStatus.CANCELED, null), rejected))
                .isEqualTo(new Line(LINE, LineStatus.CANCELED, RETURN_REJECTED, false, LATER));
    }

    @Test
    void a_claim_may_still_change_on_a_line_that_is_over() {
        assertThat(applied(line(LineStatus.RETURNED, null), new Effect.Claims(REFUND_DONE)))
                .isEqualTo(new Line(LINE, LineStatus.RETURNED, REFUND_DONE, false, LATER));
    }

    @Test
    void a_refund_that_follows_a_return_ends_the_line() {
        Line line = line(LineStatus.DELIVERED, null);
        line = applied(line, new Effect.Claims(RETURN_REQUESTED));
        line = applied(line, new Effect.Claims(REFUND_REQUESTED));
        line = applied(line, new Effect.Refunds());
        assertThat(line.status()).isEqualTo(LineStatus.RETURNED);
        assertThat(line.claim()).isEqualTo(REFUND_DONE);
    }

    @Test
    void a_refund_without_a_return_is_a_claim_that_is_done() {
        assertThat(applied(line(LineStatus.PAID, null), new Effect.Refunds()))
                .isEqualTo(new Line(LINE, LineStatus.PAID, REFUND_DONE, false, LATER));
    }

    @Test
    void a_refund_after_a_withdrawn_or_rejected_return_ends_nothing() {
        Line withdrawn = applied(
                applied(line(LineStatus.DELIVERED, null), new Effect.Claims(RETURN_REQUESTED)),
                new Effect.Stands(LineStatus.DELIVERED, null));
        assertThat(applied(withdrawn, new Effect.Refunds()).status()).isEqualTo(LineStatus.DELIVERED);
        Line rejected = applied(
                applied(line(LineStatus.DELIVERED, null), new Effect.Claims(RETURN_REQUESTED)),
                new Effect.Claims(RETURN_REJECTED));
        assertThat(applied(rejected, new Effect.Refunds()).status()).isEqualTo(LineStatus.DELIVERED);
    }

    @Test
    void what_cannot_be_read_is_parked() {
        Order order = new Order(
                new OrderId(Channel.GODOMALL, new MallId("mall-1"), new OrderNo("1")),
                Map.of(LINE, line(LineStatus.PAID, null)));
        Decision decision = order.decide(new Unreadable(LINE, LATER, "unknown-code", "orderStatus=x9"));
        assertThat(decision).isEqualTo(new Parked("unknown-code"));
        assertThat(order.after(decision)).isEqualTo(order);
    }

    private static Line applied(Line line, Effect effect) {
        return ((Applied) Transitions.decide(line, change(effect, LATER))).line();
    }

    private static Line line(LineStatus status, @Nullable Claim claim) {
        return new Line(LINE, status, claim, false, EARLIER);
    }

    private static Change stands(LineStatus status, @Nullable Claim claim) {
        return change(new Effect.Stands(status, claim), LATER);
    }

    private static Change change(Effect effect, Instant at) {
        return new Change(LINE, effect, at, "code");
    }
}
