package mallstream.benchmarks.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mallstream.benchmarks.Event;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final Event FIRST = new Event(0, 0, 0, 0);
    private static final Event SECOND = new Event(1, 0, 1, 0);
    private static final Event OTHER = new Event(2, 1, 0, 0);

    private final Orders orders = new Orders(List.of(FIRST, SECOND, OTHER), 2, 0);

    @Test
    void orders_of_a_mall_in_turn_are_no_violation() {
        List.of(FIRST, OTHER, SECOND).forEach(orders::applied);
        assertThat(orders.count()).isEqualTo(3);
        assertThat(orders.violations()).isZero();
    }

    @Test
    void an_order_before_the_one_that_precedes_it_is_a_violation() {
        orders.applied(SECOND);
        assertThat(orders.violations()).isEqualTo(1);
    }

    @Test
    void an_order_applied_twice_is_a_violation() {
        orders.applied(FIRST);
        orders.applied(FIRST);
        assertThat(orders.violations()).isEqualTo(1);
    }

    @Test
    void nothing_is_said_of_malls_that_sent_nothing() {
        assertThat(orders.millis(0.5, order -> order.key() == 7)).isNaN();
    }

    @Test
    void time_is_from_being_sent_to_being_applied() {
        orders.sent(FIRST);
        orders.applied(FIRST);
        assertThat(orders.millis(0.5, order -> order.number() == 0)).isBetween(0.0, 10_000.0);
    }
}
