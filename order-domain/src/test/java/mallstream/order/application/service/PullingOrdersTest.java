package mallstream.order.application.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import mallstream.order.adapter.out.naverpay.NaverPayReaders;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.application.port.in.PullOrders.Pulled;
import mallstream.order.application.port.out.OneAtATime;
import mallstream.order.application.port.out.OrderFeed;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.PullCursor;
import mallstream.order.model.PullPlan;
import mallstream.order.model.PullProgress;
import mallstream.order.model.PullWindow;
import mallstream.order.testing.HandClock;
import mallstream.order.testing.InMemoryOneAtATime;
import mallstream.order.testing.InMemoryOrders;
import mallstream.order.testing.InMemoryPulls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullingOrdersTest {
    private static final MallId MALL = new MallId("mall-1");
    private static final Instant NOW = Instant.parse("2026-01-05T00:00:00Z");
    private static final Duration POLL = Duration.ofMinutes(1);
    private static final Duration OVERLAP = Duration.ofMinutes(10);

    private final HandClock clock = new HandClock(NOW);
    private final InMemoryOrders orders = new InMemoryOrders();
    private final InMemoryPulls pulls = new InMemoryPulls();
    private final Map<String, InMemoryOneAtATime.Lock> locks = InMemoryOneAtATime.none();
    private final Source source = new Source();
    private PullPlan plan = since(Duration.ofHours(1));
    private ApplyChannelOrders apply = new ApplyingChannelOrders(
            List.of(NaverPayReaders.reader()),
            orders,
            orders.codeMappings(),
            new OrderOwners(Map.of(), Set.of(MALL)),
            orders,
            clock);

    @Test
    void what_changed_is_stored_and_then_the_watermark_is_a_minute_behind_the_source() {
        source.put("1", "O1", 600, "PAYED");
        assertThat(pull()).isEqualTo(new Pulled.CaughtUp(NOW.plus(POLL)));
        assertThat(history("O1")).hasSize(1);
        assertThat(progress().watermark()).isEqualTo(NOW.minusSeconds(60));
        assertThat(progress().window()).isNull();
        assertThat(source.windows).containsExactly(new PullWindow(NOW.minusSeconds(3600), NOW.minusSeconds(60)));
    }

    @Test
    void the_watermark_stands_until_the_last_page_of_a_window_is_stored() {
        source.pageSize = 2;
        for (int n = 0; n < 5; n++) {
            source.put("L" + n, "O" + n, 600 - n, "PAYED");
        }
        Instant before = progress().watermark();
        assertThat(pull()).isEqualTo(new Pulled.MoreToDo());
        assertThat(progress().watermark()).isEqualTo(before);
        assertThat(pull()).isEqualTo(new Pulled.MoreToDo());
        assertThat(progress().watermark()).isEqualTo(before);
        assertThat(history("O4")).isEmpty();
        assertThat(pull()).isInstanceOf(Pulled.CaughtUp.class);
        assertThat(progress().watermark()).isEqualTo(NOW.minusSeconds(60));
        for (int n = 0; n < 5; n++) {
            assertThat(history("O" + n)).hasSize(1);
        }
    }

    @Test
    void what_fails_before_all_is_stored_moves_nothing_and_the_page_comes_again() {
        source.put("1", "O1", 600, "PAYED");
        Instant before = progress().watermark();
        source.detailDenials.add(new OrderFeed.Denial.Away("away", null));
        assertThat(pull()).isInstanceOf(Pulled.Failing.class);
        assertThat(progress().watermark()).isEqualTo(before);
        ApplyChannelOrders working = apply;
        apply = changes -> {
            throw new IllegalStateException("on purpose");
        };
        clock.until(progress().dueAt());
        assertThatThrownBy(this::pull).hasMessage("on purpose");
        assertThat(progress().watermark()).isEqualTo(before);
        for (Outcome refusal : List.of(new Outcome.Refused("no-order-number"), later())) {
            apply = changes -> List.of(refusal);
            clock.until(progress().dueAt());
            assertThat(pull()).isInstanceOf(Pulled.Failing.class);
            assertThat(progress().watermark()).isEqualTo(before);
        }
        apply = working;
        clock.until(progress().dueAt());
        assertThat(pull()).isInstanceOf(Pulled.MoreToDo.class);
        assertThat(history("O1")).hasSize(1);
        assertThat(progress().failures()).isZero();
        assertThat(progress().failure()).isNull();
    }

    private static Outcome later() {
        return new Outcome.TryLater(Duration.ofSeconds(1));
    }

    @Test
    void the_overlap_costs_no_details_and_no_history_but_finds_what_came_late() {
        source.put("1", "O1", 90, "PAYED");
        source.put("2", "O2", 80, "PAYED");
        source.put("2", "O2", 70, "PAYED");
        pull();
        assertThat(source.asked).containsExactly(List.of("1", "2"));
        source.put("late", "O3", 85, "PAYED");
        clock.until(NOW.plus(POLL));
        pull();
        assertThat(source.asked).containsExactly(List.of("1", "2"), List.of("late"));
        assertThat(source.windows.getLast())
                .isEqualTo(new PullWindow(NOW.minusSeconds(60).minus(OVERLAP), NOW));
        assertThat(history("O1")).hasSize(1);
        assertThat(history("O3")).hasSize(1);
    }

    @Test
    void a_change_that_says_nothing_new_is_known_the_next_time() {
        source.put("1", "O1", 90, "PAYED");
        pull();
        source.put("1", "O1", 30, "PAYED");
        clock.until(NOW.plus(POLL));
        pull();
        clock.until(NOW.plus(POLL).plus(POLL));
        pull();
        assertThat(source.asked).hasSize(2);
    }

    @Test
    void a_line_that_changes_again_is_asked_for_again_and_its_last_state_counts() {
        source.put("1", "O1", 90, "PAYED");
        pull();
        source.put("1", "O1", 30, "DELIVERING");
        clock.until(NOW.plus(POLL));
        pull();
        assertThat(history("O1")).extracting(HistoryEntry::raw).containsExactly("PAYED OK", "DELIVERING OK");
    }

    @Test
    void changes_at_both_ends_of_a_window_are_in_one() {
        source.put("first", "O1", 3600, "PAYED");
        source.put("last", "O2", 60, "PAYED");
        source.put("next", "O3", 59, "PAYED");
        pull();
        assertThat(history("O1")).hasSize(1);
        assertThat(history("O2")).hasSize(1);
        assertThat(history("O3")).isEmpty();
        clock.until(NOW.plus(POLL));
        pull();
        assertThat(history("O3")).hasSize(1);
    }

    @Test
    void a_window_is_a_day_at_most_and_each_begins_in_the_one_before() {
        plan = since(Duration.ofDays(3));
        List<Pulled> pulled = new ArrayList<>();
        do {
            pulled.add(pull());
        } while (!(pulled.getLast() instanceof Pulled.CaughtUp));
        assertThat(source.windows).hasSize(4);
        Instant end = NOW.minus(Duration.ofDays(3));
        for (PullWindow window : source.windows) {
            assertThat(window.from()).isBeforeOrEqualTo(end);
            assertThat(Duration.between(window.from(), window.to())).isLessThanOrEqualTo(Duration.ofHours(24));
            assertThat(window.to()).isAfter(end);
            end = window.to();
        }
        assertThat(end).isEqualTo(NOW.minusSeconds(60));
    }

    @ParameterizedTest
    @ValueSource(longs = {-7200, 7200})
    void the_window_ends_by_the_sources_clock(long ahead) {
        plan = since(Duration.ofHours(4));
        source.ahead = Duration.ofSeconds(ahead);
        pull();
        assertThat(source.windows).hasSize(1);
        assertThat(source.windows.getFirst().to()).isEqualTo(NOW.plusSeconds(ahead - 60));
    }

    @Test
    void a_clock_that_was_set_while_a_window_was_chosen_loses_no_change() {
        source.told = NOW.plusSeconds(3600);
        pull();
        assertThat(source.windows.getFirst().to()).isEqualTo(NOW.plusSeconds(3540));
        assertThat(progress().watermark()).isEqualTo(NOW.minusSeconds(60));
        source.told = null;
        source.put("1", "O1", -1200, "PAYED");
        clock.until(NOW.plusSeconds(3600));
        pull();
        assertThat(history("O1")).hasSize(1);
    }

    @Test
    void a_source_whose_time_is_behind_the_watermark_is_not_asked() {
        plan = since(Duration.ofSeconds(30));
        assertThat(pull()).isEqualTo(new Pulled.CaughtUp(NOW.plus(POLL)));
        assertThat(source.windows).isEmpty();
    }

    @Test
    void a_cursor_that_does_not_move_is_told_and_the_window_begun_again() {
        source.pageSize = 1;
        source.put("1", "O1", 600, "PAYED");
        source.put("2", "O2", 500, "PAYED");
        source.stuck = new PullCursor(NOW.minusSeconds(600), "1");
        assertThat(pull()).isEqualTo(new Pulled.MoreToDo());
        Instant before = progress().watermark();
        assertThat(pull()).isInstanceOfSatisfying(Pulled.Failing.class, failing -> {
            assertThat(failing.why()).contains("cursor does not move on");
            assertThat(failing.until()).isEqualTo(NOW.plus(POLL));
        });
        assertThat(progress().watermark()).isEqualTo(before);
        assertThat(progress().window()).isEqualTo(new PullWindow(NOW.minusSeconds(3600), NOW.minusSeconds(60)));
        source.stuck = null;
        clock.until(NOW.plus(POLL));
        pull();
        assertThat(pull()).isInstanceOf(Pulled.CaughtUp.class);
        assertThat(history("O2")).hasSize(1);
    }

    @Test
    void a_cursor_that_goes_back_is_not_followed() {
        source.pageSize = 1;
        source.put("1", "O1", 600, "PAYED");
        source.put("2", "O2", 500, "PAYED");
        source.stuck = new PullCursor(NOW.minusSeconds(3601), "1");
        assertThat(pull()).isInstanceOf(Pulled.Failing.class);
    }

    @Test
    void failures_rest_twice_as_long_each_time_and_after_five_as_long_as_between_looks() {
        List<Long> rests = new ArrayList<>();
        for (int n = 0; n < 6; n++) {
            source.denials.add(new OrderFeed.Denial.Away("away", "trace-" + n));
            Pulled.Failing failing = (Pulled.Failing) pull();
            assertThat(failing.traceId()).isEqualTo("trace-" + n);
            assertThat(progress().failure()).isEqualTo("away");
            rests.add(Duration.between(clock.instant(), failing.until()).toMillis());
            clock.until(failing.until());
        }
        assertThat(rests.get(0)).isBetween(501L, 1_000L);
        assertThat(rests.get(1)).isBetween(1_001L, 2_000L);
        assertThat(rests.get(2)).isBetween(2_001L, 4_000L);
        assertThat(rests.get(3)).isBetween(4_001L, 8_000L);
        assertThat(rests.subList(4, 6)).containsExactly(60_000L, 60_000L);
        pull();
        assertThat(progress().failures()).isZero();
    }

    @Test
    void a_refusal_rests_as_long_as_between_looks_and_too_many_calls_as_long_as_is_said() {
        source.denials.add(new OrderFeed.Denial.Refused("do something", "trace-1"));
        assertThat(pull()).isEqualTo(new Pulled.Failing(NOW.plus(POLL), "do something", "trace-1"));
        clock.until(NOW.plus(POLL));
        source.denials.add(new OrderFeed.Denial.TooOften(Duration.ofSeconds(7), "too often"));
        assertThat(pull()).isEqualTo(new Pulled.RestUntil(NOW.plus(POLL).plusSeconds(7), "too often"));
        assertThat(progress().failures()).isEqualTo(1);
        source.timeDenials.add(new OrderFeed.Denial.Refused("no token", null));
        clock.until(progress().dueAt());
        assertThat(pull()).isInstanceOf(Pulled.Failing.class);
    }

    @Test
    void what_is_not_due_is_not_asked_and_takes_no_turn() {
        pull();
        clock.until(NOW.plus(POLL).minusMillis(1));
        int before = source.windows.size();
        assertThat(pull(notToBeTaken())).isEqualTo(new Pulled.RestUntil(NOW.plus(POLL), "not due"));
        assertThat(source.windows).hasSize(before);
        clock.until(NOW.plus(POLL));
        assertThat(pull()).isInstanceOf(Pulled.CaughtUp.class);
    }

    private static OneAtATime notToBeTaken() {
        return new OneAtATime() {
            @Override
            public <T> Optional<T> run(String what, Duration atMost, Supplier<T> work) {
                throw new AssertionError("nobody needs a turn to see that nothing is due");
            }
        };
    }

    @Test
    void another_instance_that_is_at_it_is_let_do_its_work() {
        OneAtATime other = new InMemoryOneAtATime(locks, clock);
        Pulled pulled =
                other.run("pull/mall-1", Duration.ofMinutes(3), this::pull).orElseThrow();
        assertThat(pulled).isEqualTo(new Pulled.RestUntil(NOW.plusSeconds(5), "another instance pulls this account"));
        assertThat(source.windows).isEmpty();
    }

    @Test
    void of_two_who_pull_the_same_page_one_moves_the_watermark_and_nothing_is_stored_twice() {
        source.put("1", "O1", 600, "PAYED");
        source.meanwhile = () -> {
            source.meanwhile = () -> {};
            clock.until(NOW.plus(Duration.ofMinutes(4)));
            assertThat(pull()).isInstanceOf(Pulled.CaughtUp.class);
        };
        assertThat(pull())
                .isInstanceOfSatisfying(
                        Pulled.RestUntil.class,
                        rest -> assertThat(rest.why()).isEqualTo("another instance went on with this account"));
        assertThat(history("O1")).hasSize(1);
        assertThat(progress().version()).isEqualTo(1);
    }

    @Test
    void a_range_that_is_too_long_is_halved_until_it_is_taken_and_nothing_is_left_out() {
        plan = since(Duration.ofHours(20));
        source.longest = Duration.ofHours(3);
        for (int n = 0; n < 20; n++) {
            source.put("L" + n, "O" + n, 120 + n * 3600L, "PAYED");
        }
        for (int n = 0; n < 100 && !(pull() instanceof Pulled.CaughtUp); n++) {
            assertThat(progress().failures()).isZero();
        }
        assertThat(progress().watermark()).isEqualTo(NOW.minusSeconds(60));
        for (int n = 0; n < 20; n++) {
            assertThat(history("O" + n)).hasSize(1);
        }
    }

    @Test
    void a_range_that_is_never_short_enough_is_told_with_its_remedy() {
        pull();
        source.longest = Duration.ofMinutes(2);
        clock.until(NOW.plus(POLL));
        Instant before = progress().watermark();
        Pulled pulled = pull();
        assertThat(pulled)
                .isInstanceOfSatisfying(
                        Pulled.Failing.class,
                        failing -> assertThat(failing.why()).contains("make the overlap shorter"));
        assertThat(progress().watermark()).isEqualTo(before);
    }

    @Test
    void details_that_are_missing_are_asked_for_three_times_and_what_came_with_them_is_stored_at_once() {
        source.put("1", "O1", 600, "PAYED");
        source.put("2", "O2", 500, "PAYED");
        source.hidden.add("1");
        Instant before = progress().watermark();
        assertThat(pull()).isEqualTo(new Pulled.RestUntil(NOW.plusSeconds(1), "details are missing"));
        assertThat(history("O2")).hasSize(1);
        assertThat(progress().watermark()).isEqualTo(before);
        clock.until(NOW.plusSeconds(1));
        assertThat(pull()).isEqualTo(new Pulled.RestUntil(NOW.plusSeconds(3), "details are missing"));
        clock.until(NOW.plusSeconds(3));
        assertThat(pull()).isInstanceOf(Pulled.CaughtUp.class);
        assertThat(source.asked).containsExactly(List.of("1", "2"), List.of("1"), List.of("1"));
        assertThat(history("O1"))
                .hasSize(1)
                .first()
                .extracting(HistoryEntry::kind)
                .hasToString("PARKED");
    }

    @Test
    void details_are_asked_for_by_three_hundred_and_each_line_once() {
        source.pageSize = 1_000;
        for (int n = 0; n < 301; n++) {
            source.put("L" + n, "O" + n, 600, "PAYED");
        }
        source.twice = true;
        pull();
        assertThat(source.asked).extracting(List::size).containsExactly(300, 1);
        assertThat(source.asked.stream().flatMap(List::stream).distinct()).hasSize(301);
    }

    @Test
    void how_far_behind_an_account_is_never_below_zero() {
        assertThat(pulling(new InMemoryOneAtATime(locks, clock)).behind(MALL)).isEqualTo(Duration.ofHours(1));
        plan = since(Duration.ofHours(-1));
        assertThat(pulling(new InMemoryOneAtATime(locks, clock)).behind(MALL)).isZero();
    }

    private static PullPlan since(Duration ago) {
        return new PullPlan(List.of(new PullPlan.Account(MALL, NOW.minus(ago))), POLL, OVERLAP);
    }

    private Pulled pull() {
        return pull(new InMemoryOneAtATime(locks, clock));
    }

    private Pulled pull(OneAtATime oneAtATime) {
        return pulling(oneAtATime).pull(MALL);
    }

    private PullingOrders pulling(OneAtATime oneAtATime) {
        return new PullingOrders(plan, source, pulls, orders, apply, oneAtATime, orders, clock, new Random(1));
    }

    private PullProgress progress() {
        return pulls.of(plan.of(MALL));
    }

    private List<HistoryEntry> history(String orderNo) {
        return orders.find(MALL, new OrderNo(orderNo)).stream()
                .flatMap(found -> found.history().stream())
                .toList();
    }

    /** A source with lines in memory, which fails when told to. */
    private final class Source implements OrderFeed {
        private final Map<String, ChangedLine> lines = new LinkedHashMap<>();
        private final Map<String, String> statuses = new LinkedHashMap<>();
        private final Deque<Denial> timeDenials = new ArrayDeque<>();
        private final Deque<Denial> denials = new ArrayDeque<>();
        private final Deque<Denial> detailDenials = new ArrayDeque<>();
        private final List<PullWindow> windows = new ArrayList<>();
        private final List<List<String>> asked = new ArrayList<>();
        private final Set<String> hidden = new HashSet<>();
        private int pageSize = 300;
        private boolean twice;
        private Duration ahead = Duration.ZERO;
        private Duration longest = Duration.ofHours(24);
        private @Nullable Instant told;
        private @Nullable PullCursor stuck;
        private Runnable meanwhile = () -> {};

        void put(String id, String orderNo, long secondsAgo, String status) {
            Instant at = NOW.minusSeconds(secondsAgo);
            statuses.put(id, status);
            String change = "{\"change\":{\"orderId\":\"" + orderNo + "\",\"productOrderId\":\"" + id
                    + "\",\"lastChangedDate\":\"" + at + "\"}";
            lines.put(id, new ChangedLine(new LineId(id), new OrderNo(orderNo), at, (change + "}").getBytes(UTF_8)));
        }

        @Override
        public Answer<Instant> time(MallId mallId) {
            Denial denial = timeDenials.poll();
            Instant wrong = told;
            return denial == null ? new Answer.Got<>(wrong == null ? now() : wrong) : new Answer.Denied<>(denial);
        }

        private Instant now() {
            return clock.instant().plus(ahead);
        }

        @Override
        public Answer<Page> changes(MallId mallId, PullWindow window) {
            Denial denial = denials.poll();
            if (denial != null) {
                return new Answer.Denied<>(denial);
            }
            if (Duration.between(window.from(), window.to()).compareTo(longest) > 0) {
                return new Answer.Denied<>(new Denial.RangeTooLong());
            }
            windows.add(window);
            PullCursor cursor = window.cursor();
            Instant from = cursor == null ? window.from() : cursor.from();
            List<ChangedLine> found = lines.values().stream()
                    .filter(line -> !line.changedAt().isBefore(from)
                            && !line.changedAt().isAfter(window.to())
                            && !line.changedAt().isAfter(now()))
                    .filter(line -> cursor == null
                            || line.changedAt().isAfter(from)
                            || line.lineId().value().compareTo(cursor.sequence()) >= 0)
                    .sorted(Comparator.comparing(ChangedLine::changedAt)
                            .thenComparing(line -> line.lineId().value()))
                    .toList();
            List<ChangedLine> page = new ArrayList<>(found.subList(0, Math.min(pageSize, found.size())));
            if (twice) {
                page.addAll(List.copyOf(page));
            }
            PullCursor next = null;
            if (found.size() > pageSize) {
                ChangedLine after = found.get(pageSize);
                next = new PullCursor(after.changedAt(), after.lineId().value());
            }
            return new Answer.Got<>(new Page(page, stuck == null ? next : stuck, now()));
        }

        @Override
        public Answer<Map<LineId, byte[]>> details(MallId mallId, List<ChangedLine> wanted) {
            meanwhile.run();
            Denial denial = detailDenials.poll();
            if (denial != null) {
                return new Answer.Denied<>(denial);
            }
            asked.add(wanted.stream().map(line -> line.lineId().value()).toList());
            Map<LineId, byte[]> details = new LinkedHashMap<>();
            for (ChangedLine line : wanted) {
                String id = line.lineId().value();
                if (!hidden.contains(id)) {
                    String change = new String(line.body(), UTF_8);
                    details.put(
                            line.lineId(),
                            (change.substring(0, change.length() - 1)
                                            + ",\"detail\":{\"productOrder\":{\"productOrderId\":\""
                                            + id + "\",\"productOrderStatus\":\"" + statuses.get(id)
                                            + "\",\"placeOrderStatus\":\"OK\"}}}")
                                    .getBytes(UTF_8));
                }
            }
            return new Answer.Got<>(details);
        }
    }
}
