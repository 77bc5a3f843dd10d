package mallstream.kafka.consume.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BudgetTest {
    @Test
    void a_third_is_left_to_the_clients_and_a_fetch_is_a_part_of_a_third() {
        assertThat(new Budget(9000, 3).fetch()).isEqualTo(1000);
        assertThat(new Budget(1, 3).fetch()).isEqualTo(1);
    }

    @Test
    void who_holds_nothing_may_always_poll() {
        Budget budget = new Budget(9000, 3);
        Budget.Part full = budget.join();
        Budget.Part empty = budget.join();
        while (full.reserve()) {
            full.add(budget.fetch());
            full.polled();
        }
        assertThat(full.held()).isEqualTo(1000 + 3000);
        assertThat(empty.reserve()).isTrue();
        empty.add(1000);
        empty.polled();
        assertThat(empty.reserve()).as("the pool is used up").isFalse();
        full.add(-2000);
        assertThat(empty.reserve()).isTrue();
    }

    @Test
    void what_is_reserved_by_one_is_not_there_for_another() {
        Budget budget = new Budget(6000, 2);
        Budget.Part one = budget.join();
        Budget.Part other = budget.join();
        one.add(2000);
        other.add(1000);
        assertThat(one.reserve()).isTrue();
        assertThat(other.reserve()).isFalse();
        one.polled();
        assertThat(other.reserve()).isTrue();
    }

    @Test
    void a_record_larger_than_a_fetch_passes_alone() {
        Budget budget = new Budget(3000, 1);
        Budget.Part part = budget.join();
        assertThat(part.reserve()).isTrue();
        part.add(50_000);
        part.polled();
        assertThat(part.reserve()).isFalse();
        part.add(-50_000);
        assertThat(part.reserve()).isTrue();
    }

    @Test
    void who_has_ended_holds_nothing() {
        Budget budget = new Budget(6000, 2);
        Budget.Part ended = budget.join();
        Budget.Part other = budget.join();
        ended.add(3000);
        other.add(1000);
        assertThat(other.reserve()).isFalse();
        ended.close();
        assertThat(other.reserve()).isTrue();
    }

    /** However subscriptions poll and finish: two thirds of the budget are never exceeded. */
    @Test
    void no_more_than_two_thirds_are_held() {
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 500; run++) {
            int subscriptions = random.nextInt(1, 6);
            Budget budget = new Budget(30_000, subscriptions);
            List<Budget.Part> parts =
                    Stream.generate(budget::join).limit(subscriptions).toList();
            boolean[] polling = new boolean[subscriptions];
            for (int i = 0; i < 200; i++) {
                int next = random.nextInt(subscriptions);
                Budget.Part part = parts.get(next);
                if (polling[next]) {
                    part.add(random.nextLong(budget.fetch() + 1));
                    part.polled();
                    polling[next] = false;
                } else if (random.nextBoolean()) {
                    polling[next] = part.reserve();
                } else {
                    part.add(-random.nextLong(part.held() + 1));
                }
                assertThat(parts.stream().mapToLong(Budget.Part::held).sum()).isLessThanOrEqualTo(20_000);
            }
        }
    }
}
