package mallstream.kafka.consume.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void half_of_the_bound_is_split_and_the_other_half_is_a_pool() {
        assertThat(Shares.of(1000, 5, 500)).isEqualTo(new Shares(5, 100, 500, 100));
        assertThat(Shares.of(100_000, 2, 500)).isEqualTo(new Shares(2, 25_000, 50_000, 500));
    }

    @Test
    void a_bound_of_one_is_shared_by_whoever_comes_first() {
        Shares shares = Shares.of(1, 9, 500);
        assertThat(shares).isEqualTo(new Shares(9, 0, 1, 1));
        assertThat(shares.allows(0, 0)).isTrue();
        assertThat(shares.allows(0, 1)).isFalse();
    }

    /** However the parties take and give back: the bound holds, and who has less than his part may always take. */
    @Test
    void the_bound_holds_and_nobody_starves() {
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 2000; run++) {
            int parties = random.nextInt(1, 12);
            long bound = random.nextLong(1, 5000);
            Shares shares = Shares.of(bound, parties, random.nextLong(1, 600));
            long[] has = new long[parties];
            for (int i = 0; i < 200; i++) {
                int party = random.nextInt(parties);
                long overdrawn = Arrays.stream(has).map(shares::overdrawn).sum();
                if (has[party] + shares.step() <= shares.own()) {
                    assertThat(shares.allows(has[party], overdrawn)).isTrue();
                }
                if (random.nextInt(4) == 0) {
                    has[party] = random.nextLong(has[party] + 1);
                } else if (shares.allows(has[party], overdrawn)) {
                    has[party] += random.nextLong(shares.step() + 1);
                }
                assertThat(Arrays.stream(has).sum()).isLessThanOrEqualTo(bound);
            }
        }
    }
}
