package mallstream.benchmarks.members;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyOrderTest {
    private final KeyOrder<String> order = new KeyOrder<>();

    @Test
    void keys_have_orders_of_their_own() {
        order.add("a", 5);
        order.add("b", 1);
        order.add("a", 7);

        assertThat(order.violations()).isZero();
        assertThat(order.different()).isEqualTo(3);
    }

    @Test
    void one_behind_a_later_one_of_its_key_is_a_violation() {
        order.add("a", 5);
        order.add("a", 4);
        order.add("a", 6);

        assertThat(order.violations()).isEqualTo(1);
    }

    @Test
    void one_that_comes_again_is_counted_and_changes_nothing() {
        order.add("a", 1);
        order.add("a", 2);
        order.add("a", 1);
        order.add("a", 2);

        assertThat(order.again()).isEqualTo(2);
        assertThat(order.violations()).isZero();
        assertThat(order.different()).isEqualTo(2);
    }
}
