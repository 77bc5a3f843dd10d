package mallstream.order.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Claim.Kind;
import mallstream.order.model.Claim.Stage;
import mallstream.order.model.LineStatus.End;
import mallstream.order.model.LineStatus.Live;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Changes of a line that really went a way arrive in any order, some of them several times, some in the company of other
 * orders: the line ends where its source left it. Sources that say both axes at once and sources with one code for either.
 */
class ArrivalTest {
    private static final List<Live> PATH = List.of(Live.values());
    private static final LineId LINE = new LineId("1");

    @Test
    void any_arrival_ends_in_the_last_true_state_of_a_source_that_says_both_axes() {
        arriveInAnyOrder(true);
    }

    @Test
    void any_arrival_ends_in_the_last_true_state_of_a_source_with_one_code_for_either_axis() {
        arriveInAnyOrder(false);
    }

    private static void arriveInAnyOrder(boolean bothAxes) {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            Truth truth = new Truth(bothAxes, random);
            List<Change> arriving = new ArrayList<>(truth.changes);
            for (Change each : truth.changes) {
                if (random.nextInt(3) == 0) {
                    arriving.add(each);
                }
            }
            Collections.shuffle(arriving, random);
            assertThat(stateAfter(arriving))
                    .as("round %d of seed %d (repeat with -Dseed): %s", round, seed, arriving)
                    .isEqualTo(truth.state());
        }
    }

    @Test
    void changes_that_arrive_in_order_are_applied_in_the_order_of_the_source() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Truth truth = new Truth(random.nextBoolean(), random);
            Order order = order();
            List<Change> heard = new ArrayList<>();
            List<Change> applied = new ArrayList<>();
            for (Change each : truth.changes) {
                for (int delivery = 0; delivery <= random.nextInt(2); delivery++) {
                    Decision decision = order.decide(each, line -> Optional.of(List.copyOf(heard)));
                    if (decision instanceof Decision.Applied) {
                        applied.add(each);
                    }
                    order = order.after(decision);
                    heard.add(each);
                }
            }
            assertThat(applied).as("seed %d (repeat with -Dseed)", seed).isEqualTo(truth.changes);
        }
    }

    private static String stateAfter(List<Change> arriving) {
        Order order = order();
        List<Change> heard = new ArrayList<>();
        for (Change each : arriving) {
            order = order.after(order.decide(each, line -> Optional.of(List.copyOf(heard))));
            heard.add(each);
        }
        Line line = order.lines().get(LINE);
        return line == null ? "none" : line.status() + " " + line.claim();
    }

    private static Order order() {
        return new Order(
                new OrderId(Channel.GODOMALL, new MallId("mall-1"), new OrderNo("1")), Purchase.UNKNOWN, Map.of());
    }

    /** A line's true way: fulfilment goes on, claims come and go, and each step is told with its time. */
    private static final class Truth {
        private final List<Change> changes = new ArrayList<>();
        private LineStatus status = Live.CREATED;
        private @Nullable Claim claim;

        Truth(boolean bothAxes, Random random) {
            tell(new Effect.Stands(status, null));
            int steps = random.nextInt(12);
            while (changes.size() <= steps && status instanceof Live live) {
                boolean returning = claim != null && claim.kind() == Kind.RETURN;
                switch (random.nextInt(4)) {
                    case 0, 1 -> go(live, bothAxes, random);
                    case 2 -> {
                        claim = new Claim(
                                live.rank() < Live.SHIPPING.rank() ? Kind.CANCEL : Kind.RETURN,
                                returning ? Stage.COLLECTED : Stage.REQUESTED);
                        tell(bothAxes ? new Effect.Stands(status, claim) : new Effect.Claims(claim));
                    }
                    default -> {
                        if (returning && !bothAxes) {
                            status = End.RETURNED;
                            claim = new Claim(Kind.REFUND, Stage.DONE);
                            tell(new Effect.Refunds());
                        } else if (claim != null) {
                            claim = null;
                            tell(new Effect.Stands(status, null));
                        }
                    }
                }
            }
        }

        private void go(Live live, boolean bothAxes, Random random) {
            if (live == Live.PREPARING && random.nextInt(3) == 0) {
                status = Live.PAID;
            } else if (random.nextInt(8) == 0) {
                status = End.CANCELED;
            } else if (live != Live.CONFIRMED) {
                status = PATH.get(PATH.indexOf(live) + 1);
            } else {
                return;
            }
            claim = bothAxes && random.nextBoolean() ? claim : null;
            tell(new Effect.Stands(status, claim));
        }

        private void tell(Effect effect) {
            if (!changes.isEmpty() && changes.getLast().effect().equals(effect)) {
                return;
            }
            changes.add(new Change(
                    LINE, effect, Instant.EPOCH.plusSeconds(changes.size()), Goods.UNKNOWN, effect.toString()));
        }

        String state() {
            return status + " " + claim;
        }
    }
}
