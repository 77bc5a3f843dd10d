package mallstream.order.model;

import static mallstream.order.model.LineStatus.End.ABORTED;
import static mallstream.order.model.LineStatus.End.CANCELED;
import static mallstream.order.model.LineStatus.End.EXCHANGED;
import static mallstream.order.model.LineStatus.End.RETURNED;
import static mallstream.order.model.LineStatus.Live.CONFIRMED;
import static mallstream.order.model.LineStatus.Live.DELIVERED;
import static mallstream.order.model.LineStatus.Live.PREPARING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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
    void what_names_no_line_is_news_unless_a_line_is_newer() {
        Order order = order(PREPARING);
        assertThat(order.isNews(new Unreadable(null, Instant.EPOCH.minusSeconds(1), "no-lines", "")))
                .isFalse();
        assertThat(order.isNews(new Unreadable(null, Instant.EPOCH, "no-lines", "")))
                .isTrue();
        assertThat(order().isNews(new Unreadable(null, Instant.EPOCH, "no-lines", "")))
                .isTrue();
    }

    @Test
    void a_reason_to_look_for_has_the_form_of_reasons() {
        assertThat(new WhichParked(null, null, "unknown-code").reason()).isEqualTo("unknown-code");
        for (String bad : new String[] {"", "Unknown", "a b", "a\u0000", "x".repeat(65)}) {
            assertThatThrownBy(() -> new WhichParked(null, null, bad)).isInstanceOf(InvalidValue.class);
        }
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

    private static Order order(LineStatus... statuses) {
        Map<LineId, Line> lines = new LinkedHashMap<>();
        for (int index = 0; index < statuses.length; index++) {
            LineId id = new LineId("" + index);
            lines.put(id, new Line(id, statuses[index], null, false, Goods.UNKNOWN, Instant.EPOCH));
        }
        return new Order(new OrderId(Channel.SHOPBY, new MallId("mall-1"), new OrderNo("1")), Purchase.UNKNOWN, lines);
    }
}
