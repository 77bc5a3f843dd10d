package mallstream.order.model;

import static mallstream.order.model.LineStatus.ABORTED;
import static mallstream.order.model.LineStatus.CANCELED;
import static mallstream.order.model.LineStatus.CONFIRMED;
import static mallstream.order.model.LineStatus.DELIVERED;
import static mallstream.order.model.LineStatus.EXCHANGED;
import static mallstream.order.model.LineStatus.PREPARING;
import static mallstream.order.model.LineStatus.RETURNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderTest {
    @Test
    void an_order_is_where_its_lowest_live_line_is() {
        assertThat(order(DELIVERED, CANCELED, PREPARING, CONFIRMED).status()).hasValue(PREPARING);
        assertThat(order(RETURNED, CONFIRMED).status()).hasValue(CONFIRMED);
    }

    @Test
    void without_a_live_line_returned_comes_before_exchanged_canceled_and_aborted() {
        assertThat(order(ABORTED, CANCELED, EXCHANGED, RETURNED).status()).hasValue(RETURNED);
        assertThat(order(ABORTED, CANCELED, EXCHANGED).status()).hasValue(EXCHANGED);
        assertThat(order(ABORTED, CANCELED).status()).hasValue(CANCELED);
        assertThat(order(ABORTED).status()).hasValue(ABORTED);
    }

    @Test
    void without_lines_there_is_no_status() {
        assertThat(order().status()).isEmpty();
    }

    @Test
    void numbers_and_ids_of_another_form_are_refused_without_repeating_them() {
        for (String bad : new String[] {"", "a b", "한글", "x".repeat(65), "a\u0000"}) {
            assertThatThrownBy(() -> new OrderNo(bad))
                    .isInstanceOf(InvalidValue.class)
                    .hasMessage("orderNo: must match [A-Za-z0-9_-]{1,64}");
            assertThatThrownBy(() -> new LineId(bad)).isInstanceOf(InvalidValue.class);
        }
    }

    /**
     * Where the source's own change times decide, the last true state wins in whatever order and however often the
     * changes arrive. (A claim alone has to find its line.)
     */
    @Test
    void any_order_of_arrival_ends_in_the_last_true_state() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        LineStatus[] path = {
            LineStatus.CREATED, LineStatus.PAID, PREPARING, LineStatus.PAID, PREPARING, LineStatus.SHIPPING, DELIVERED
        };
        for (int round = 0; round < 2_000; round++) {
            int length = 1 + random.nextInt(path.length);
            Order order = order();
            int lastIsSure = random.nextInt(3 * length);
            for (int delivery = 0; delivery < 3 * length; delivery++) {
                order = deliver(order, path, delivery == lastIsSure ? length - 1 : random.nextInt(length));
            }
            assertThat(order.status())
                    .as("seed %d, round %d (repeat with -Dseed)", seed, round)
                    .hasValue(path[length - 1]);
        }
    }

    private static Order deliver(Order order, LineStatus[] path, int step) {
        return order.after(order.decide(new Change(
                new LineId("0"),
                new Change.Effect.Stands(path[step], null),
                Instant.EPOCH.plusSeconds(step),
                path[step].name())));
    }

    private static Order order(LineStatus... statuses) {
        Map<LineId, Line> lines = new LinkedHashMap<>();
        for (int index = 0; index < statuses.length; index++) {
            LineId id = new LineId("" + index);
            lines.put(id, new Line(id, statuses[index], null, false, Instant.EPOCH));
        }
        return new Order(new OrderId(Channel.SHOPBY, new MallId("mall-1"), new OrderNo("1")), lines);
    }
}
