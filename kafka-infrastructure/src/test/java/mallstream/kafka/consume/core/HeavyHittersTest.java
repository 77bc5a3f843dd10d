package mallstream.kafka.consume.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** {@code -Dhitters.seed} replays one seed. */
class HeavyHittersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration MEMORY = Duration.ofSeconds(30);
    private static final double TAU = 30;

    /** Keys of which the first one has six in ten. */
    private static IntSupplier hot(SplittableRandom random, int keys) {
        return () -> random.nextInt(10) < 6 ? 0 : random.nextInt(1, keys);
    }

    private static IntSupplier zipf(SplittableRandom random, int keys, double exponent) {
        double[] until = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += Math.pow(i + 1, -exponent);
            until[i] = sum;
        }
        double all = sum;
        return () -> {
            int at = java.util.Arrays.binarySearch(until, random.nextDouble() * all);
            return at < 0 ? -at - 1 : at;
        };
    }

    @Test
    void no_count_is_wrong_by_more_than_a_kth_of_all_and_nobody_with_more_is_missing() {
        Long replayed = Long.getLong("hitters.seed");
        long first = replayed == null ? System.currentTimeMillis() : replayed;
        for (long seed = first; seed < first + (replayed == null ? 100 : 1); seed++) {
            judge(seed);
        }
    }

    private static void judge(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int keys = random.nextInt(2, 2000);
        int k = random.nextInt(1, 100);
        IntSupplier mix = switch (random.nextInt(3)) {
            case 0 -> hot(random, keys);
            case 1 -> zipf(random, keys, 0.8 + random.nextDouble());
            default -> () -> random.nextInt(keys);
        };
        HeavyHitters<Integer> hitters = new HeavyHitters<>(k, MEMORY);
        Map<Integer, Double> truth = new HashMap<>();
        double all = 0;
        long now = random.nextLong(-1L << 50, 1L << 50);
        double gap = random.nextDouble() * 0.05;
        for (int i = 0; i < 5000; i++) {
            long step = random.nextInt(4) == 0 ? (long) (random.nextDouble() * 2 * gap * SECOND) : 0;
            if (step > 0) {
                now += step;
                double fades = Math.exp(-step / (TAU * SECOND));
                truth.replaceAll((key, weight) -> weight * fades);
                all *= fades;
            }
            int key = mix.getAsInt();
            hitters.received(key, now);
            truth.merge(key, 1.0, Double::sum);
            all += 1;
        }
        String where = "-Dhitters.seed=" + seed;
        double tolerance = all * 1e-9;
        assertThat(hitters.total(now)).as(where).isCloseTo(all, offset(tolerance));
        for (int key = 0; key < keys; key++) {
            double is = truth.getOrDefault(key, 0.0);
            HeavyHitters.Estimate found = hitters.estimate(key, now);
            if (found == null) {
                assertThat(is)
                        .as(where + ": the weight of a key that is missing")
                        .isLessThanOrEqualTo(all / k + tolerance);
            } else {
                assertThat(found.error()).as(where).isLessThanOrEqualTo(all / k + tolerance);
                assertThat(found.count()).as(where).isBetween(is - tolerance, is + found.error() + tolerance);
            }
        }
        double total = all;
        assertThat(hitters.top(keys, now))
                .as(where)
                .allSatisfy(row -> assertThat(row.share())
                        .isBetween(1.0 / k - 1e-9, truth.getOrDefault(row.key(), 0.0) / total + 1e-9));
        // Whoever has twice what may be wrong is told of.
        assertThat(hitters.top(keys, now).stream().map(HeavyHitters.Row::key).toList())
                .as(where)
                .containsAll(truth.entrySet().stream()
                        .filter(each -> each.getValue() > 2 * total / k + tolerance)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    @Test
    void a_key_with_sixty_in_a_hundred_is_told_with_its_share_and_rate() {
        HeavyHitters<Integer> hitters = new HeavyHitters<>(200, MEMORY);
        IntSupplier mix = hot(new SplittableRandom(7), 5000);
        long now = 0;
        for (int second = 0; second < 120; second++) {
            now = second * SECOND;
            for (int i = 0; i < 1000; i++) {
                hitters.received(mix.getAsInt(), now);
            }
        }
        List<HeavyHitters.Row<Integer>> rows = hitters.top(20, now);
        assertThat(rows.getFirst().key()).isZero();
        assertThat(rows.getFirst().share()).isCloseTo(0.6, offset(0.01));
        assertThat(rows.getFirst().perSecond()).isCloseTo(600, offset(20.0));
        assertThat(rows).as("of the others none stands out").hasSize(1);
    }

    @Test
    void the_rate_is_right_soon_after_the_start() {
        HeavyHitters<String> hitters = new HeavyHitters<>(10, MEMORY);
        for (int i = 0; i <= 300; i++) {
            hitters.received("a", i * SECOND / 100);
        }
        assertThat(hitters.top(1, 3 * SECOND).getFirst().perSecond()).isCloseTo(100, offset(2.0));
    }

    @Test
    void what_was_hot_two_minutes_ago_is_not_hot_and_after_a_long_rest_nothing_is_left() {
        HeavyHitters<String> hitters = new HeavyHitters<>(10, MEMORY);
        for (int i = 0; i < 10_000; i++) {
            hitters.received("then", i);
        }
        for (int second = 0; second < 120; second++) {
            for (int i = 0; i < 100; i++) {
                hitters.received(i % 2 == 0 ? "now" : null, second * SECOND);
            }
        }
        List<HeavyHitters.Row<String>> rows = hitters.top(5, 119 * SECOND);
        assertThat(rows).extracting(HeavyHitters.Row::key).containsExactly("now");
        assertThat(rows.getFirst().share()).isCloseTo(0.5, offset(0.05));
        assertThat(hitters.top(5, 30L * 24 * 3600 * SECOND)).isEmpty();
        hitters.received("later", 60L * 24 * 3600 * SECOND);
        assertThat(hitters.top(5, 60L * 24 * 3600 * SECOND).getFirst().share()).isEqualTo(1);
    }

    @Test
    void a_key_waits_for_itself_where_its_records_wait_and_others_do_not() {
        assertThat(waits(0.6, 4, 0.1)).isTrue();
        assertThat(waits(0.6, 4, 3)).as("all wait").isFalse();
        assertThat(waits(0.6, 0.1, 0)).as("nobody waits").isFalse();
        assertThat(waits(0.1, 4, 0)).as("it is not hot").isFalse();
    }

    private static boolean waits(double share, double seconds, double others) {
        HeavyHitters<String> hitters = new HeavyHitters<>(10, MEMORY);
        for (int i = 0; i < 1000; i++) {
            String key = i < share * 1000 ? "hot" : "other-" + i % 5;
            hitters.received(key, 0);
            hitters.began(key, (long) ((key.equals("hot") ? seconds : others) * SECOND), SECOND);
        }
        HeavyHitters.Row<String> row = hitters.top(10, SECOND).stream()
                .filter(each -> each.key().equals("hot"))
                .findFirst()
                .orElseThrow();
        assertThat(row.waitMean()).isCloseTo(seconds, offset(1e-6));
        assertThat(row.othersWaitMean()).isCloseTo(others, offset(1e-6));
        return row.waitsForItself();
    }

    @Test
    void the_longest_wait_is_forgotten_after_a_minute() {
        HeavyHitters<String> hitters = new HeavyHitters<>(10, MEMORY);
        hitters.received("a", 0);
        hitters.began("a", 9 * SECOND, 0);
        for (int second = 1; second < 70; second++) {
            hitters.received("a", second * SECOND);
            hitters.began("a", SECOND, second * SECOND);
            double longest = hitters.top(1, second * SECOND).getFirst().waitLongest();
            assertThat(longest).as("after %s s", second).isEqualTo(second < 60 ? 9 : 1);
        }
    }
}
