package mallstream.order.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Claim.Kind;
import mallstream.order.model.Claim.Stage;
import mallstream.order.model.Decision.Applied;
import mallstream.order.model.Decision.Ignored;
import mallstream.order.model.Decision.Parked;
import mallstream.order.model.Decision.Why;
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransitionsTest {
    private static final Past NOTHING = line -> Optional.of(List.of());
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
            LineStatus from = LineStatus.of(row[0]);
            for (int column = 1; column < row.length; column++) {
                LineStatus to = LineStatus.of(rows.getFirst()[column - 1]);
                wanted.add(from + " to " + to + ": " + row[column]);
                seen.add(from + " to " + to + ": "
                        + word(Transitions.decide(line(from, null), stands(to, null), NOTHING), to));
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
            case Decision.OfAnother other -> "of another";
        };
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void a_line_begins_at_the_first_status_seen(LineStatus first) {
        assertThat(Transitions.decide(null, stands(first, CANCEL_REQUESTED), NOTHING))
                .isEqualTo(new Applied(null, new Line(LINE, first, CANCEL_REQUESTED, false, Goods.UNKNOWN, LATER)));
    }

    @Test
    void a_claim_upon_an_unknown_line_is_parked_because_it_names_no_status() {
        assertThat(Transitions.decide(null, change(new Effect.Claims(CANCEL_REQUESTED), LATER), NOTHING))
                .isEqualTo(new Parked("claim-before-status"));
        assertThat(Transitions.decide(null, change(new Effect.Refunds(), LATER), NOTHING))
                .isEqualTo(new Parked("claim-before-status"));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void a_change_older_than_the_line_never_changes_it(LineStatus to) {
        Change before = stands(Live.PREPARING, null);
        Line line = new Line(LINE, Live.PREPARING, null, false, Goods.UNKNOWN, LATER);
        Past past = asked -> Optional.of(List.of(before));
        assertThat(Transitions.decide(line, change(new Effect.Stands(to, CANCEL_REQUESTED), EARLIER), past))
                .isEqualTo(new Ignored(Why.STALE, to, line));
        assertThat(Transitions.decide(line, change(new Effect.Claims(CANCEL_REQUESTED), EARLIER), past))
                .isEqualTo(new Ignored(Why.STALE, null, line));
        assertThat(Transitions.decide(
                        line, change(new Effect.Stands(to, CANCEL_REQUESTED), EARLIER), asked -> Optional.empty()))
                .isEqualTo(new Ignored(Why.STALE, to, line));
    }

    @Test
    void a_status_that_comes_later_than_the_claim_behind_it_takes_its_place() {
        Change paid = change(new Effect.Stands(Live.PAID, null), EARLIER.minusSeconds(1));
        Change claimed = change(new Effect.Claims(CANCEL_REQUESTED), LATER);
        Line line = new Line(LINE, Live.PAID, CANCEL_REQUESTED, false, Goods.UNKNOWN, LATER);
        assertThat(Transitions.decide(
                        line,
                        change(new Effect.Stands(Live.SHIPPING, null), EARLIER),
                        asked -> Optional.of(List.of(paid, claimed))))
                .isEqualTo(new Applied(
                        Live.PAID, new Line(LINE, Live.SHIPPING, CANCEL_REQUESTED, false, Goods.UNKNOWN, LATER)));
    }

    @Test
    void a_line_begins_with_the_claims_that_came_before_it() {
        assertThat(Transitions.decide(
                        null,
                        change(new Effect.Stands(Live.DELIVERED, null), EARLIER),
                        asked -> Optional.of(List.of(change(new Effect.Claims(RETURN_REQUESTED), LATER)))))
                .isEqualTo(new Applied(
                        null, new Line(LINE, Live.DELIVERED, RETURN_REQUESTED, true, Goods.UNKNOWN, LATER)));
    }

    @Test
    void goods_that_are_left_out_stay_as_they_were() {
        Goods first = new Goods("p-1", 2, new Won(500), null);
        Change begins = new Change(LINE, new Effect.Stands(Live.CREATED, null), EARLIER, first, "code");
        Line line = ((Applied) Transitions.decide(null, begins, NOTHING)).line();
        Change paid = new Change(
                LINE, new Effect.Stands(Live.PAID, null), LATER, new Goods(null, 3, null, new Won(900)), "code");
        assertThat(((Applied) Transitions.decide(line, paid, NOTHING)).line().goods())
                .isEqualTo(new Goods("p-1", 3, new Won(500), new Won(900)));
    }

    @Test
    void a_late_change_takes_nothing_from_the_goods_that_a_newer_one_told_of() {
        Change paid = change(new Effect.Stands(Live.PAID, null), EARLIER.minusSeconds(1));
        Change claimed = change(new Effect.Claims(CANCEL_REQUESTED), LATER);
        Line line = new Line(LINE, Live.PAID, CANCEL_REQUESTED, false, new Goods("p-1", 1, new Won(500), null), LATER);
        Change late = new Change(
                LINE, new Effect.Stands(Live.SHIPPING, null), EARLIER, new Goods(null, 2, null, new Won(900)), "code");
        assertThat(((Applied) Transitions.decide(line, late, asked -> Optional.of(List.of(paid, claimed))))
                        .line()
                        .goods())
                .isEqualTo(new Goods("p-1", 1, new Won(500), new Won(900)));
    }

    @Test
    void a_change_as_old_as_the_line_counts() {
        Line line = new Line(LINE, Live.PAID, null, false, Goods.UNKNOWN, LATER);
        assertThat(Transitions.decide(line, stands(Live.SHIPPING, null), NOTHING))
                .isEqualTo(new Applied(Live.PAID, new Line(LINE, Live.SHIPPING, null, false, Goods.UNKNOWN, LATER)));
    }

    @Test
    void a_repeated_state_makes_the_line_as_new_as_the_repetition() {
        assertThat(Transitions.decide(line(Live.PAID, null), stands(Live.PAID, null), NOTHING))
                .isEqualTo(
                        new Ignored(Why.SAME, Live.PAID, new Line(LINE, Live.PAID, null, false, Goods.UNKNOWN, LATER)));
    }

    @Test
    void a_claim_stands_beside_the_status_and_is_withdrawn_by_the_same_status_without_it() {
        Line requested = applied(line(Live.PAID, null), new Effect.Claims(CANCEL_REQUESTED));
        assertThat(requested).isEqualTo(new Line(LINE, Live.PAID, CANCEL_REQUESTED, false, Goods.UNKNOWN, LATER));
        assertThat(applied(requested, new Effect.Stands(Live.PAID, null)))
                .isEqualTo(new Line(LINE, Live.PAID, null, false, Goods.UNKNOWN, LATER));
    }

    @Test
    void a_rejected_claim_touches_the_claim_axis_only() {
        Effect rejected = new Effect.Stands(Live.DELIVERED, RETURN_REJECTED);
        assertThat(applied(line(Live.CONFIRMED, RETURN_REQUESTED), rejected))
                .isEqualTo(new Line(LINE, Live.CONFIRMED, RETURN_REJECTED, false, Goods.UNKNOWN, LATER));
        assertThat(applied(line(End.CANCELED, null), rejected))
                .isEqualTo(new Line(LINE, End.CANCELED, RETURN_REJECTED, false, Goods.UNKNOWN, LATER));
    }

    @Test
    void a_claim_may_still_change_on_a_line_that_is_over() {
        assertThat(applied(line(End.RETURNED, null), new Effect.Claims(REFUND_DONE)))
                .isEqualTo(new Line(LINE, End.RETURNED, REFUND_DONE, false, Goods.UNKNOWN, LATER));
    }

    @Test
    void a_refund_that_follows_a_return_ends_the_line() {
        Line line = line(Live.DELIVERED, null);
        line = applied(line, new Effect.Claims(RETURN_REQUESTED));
        line = applied(line, new Effect.Claims(REFUND_REQUESTED));
        line = applied(line, new Effect.Refunds());
        assertThat(line.status()).isEqualTo(End.RETURNED);
        assertThat(line.claim()).isEqualTo(REFUND_DONE);
    }

    @Test
    void a_refund_without_a_return_is_a_claim_that_is_done() {
        assertThat(applied(line(Live.PAID, null), new Effect.Refunds()))
                .isEqualTo(new Line(LINE, Live.PAID, REFUND_DONE, false, Goods.UNKNOWN, LATER));
    }

    @Test
    void a_refund_after_a_withdrawn_or_rejected_return_ends_nothing() {
        Line withdrawn = applied(
                applied(line(Live.DELIVERED, null), new Effect.Claims(RETURN_REQUESTED)),
                new Effect.Stands(Live.DELIVERED, null));
        assertThat(applied(withdrawn, new Effect.Refunds()).status()).isEqualTo(Live.DELIVERED);
        Line rejected = applied(
                applied(line(Live.DELIVERED, null), new Effect.Claims(RETURN_REQUESTED)),
                new Effect.Claims(RETURN_REJECTED));
        assertThat(applied(rejected, new Effect.Refunds()).status()).isEqualTo(Live.DELIVERED);
    }

    @Test
    void what_cannot_be_read_is_parked() {
        Order order = new Order(
                new OrderId(Channel.GODOMALL, new MallId("mall-1"), new OrderNo("1")),
                Purchase.UNKNOWN,
                Map.of(LINE, line(Live.PAID, null)));
        Decision decision = order.decide(new Unreadable(LINE, LATER, "unknown-code", "orderStatus=x9"), NOTHING);
        assertThat(decision).isEqualTo(new Parked("unknown-code"));
        assertThat(order.after(decision)).isEqualTo(order);
    }

    private static List<LineStatus> statuses() {
        return LineStatus.all();
    }

    private static Line applied(Line line, Effect effect) {
        return ((Applied) Transitions.decide(line, change(effect, LATER), NOTHING)).line();
    }

    private static Line line(LineStatus status, @Nullable Claim claim) {
        return new Line(LINE, status, claim, false, Goods.UNKNOWN, EARLIER);
    }

    private static Change stands(LineStatus status, @Nullable Claim claim) {
        return change(new Effect.Stands(status, claim), LATER);
    }

    private static Change change(Effect effect, Instant at) {
        return new Change(LINE, effect, at, Goods.UNKNOWN, "code");
    }
}
