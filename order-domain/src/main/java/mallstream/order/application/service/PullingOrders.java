package mallstream.order.application.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.ApplyChannelOrders.ChannelOrder;
import mallstream.order.application.port.in.ApplyChannelOrders.Source;
import mallstream.order.application.port.in.Outcome;
import mallstream.order.application.port.in.PullOrders;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.OneAtATime;
import mallstream.order.application.port.out.OrderFeed;
import mallstream.order.application.port.out.OrderFeed.Answer;
import mallstream.order.application.port.out.OrderFeed.ChangedLine;
import mallstream.order.application.port.out.OrderFeed.Denial;
import mallstream.order.application.port.out.OrderFeed.Page;
import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.Orders.Arrival;
import mallstream.order.application.port.out.Pulls;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Channel;
import mallstream.order.model.LineId;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderId;
import mallstream.order.model.Position;
import mallstream.order.model.PullPlan;
import mallstream.order.model.PullProgress;
import mallstream.order.model.PullWindow;
import org.jspecify.annotations.Nullable;

/**
 * Pulls page by page, each with a turn of its own: list, drop what is known, ask for the details of the rest, apply, and only
 * then move on. Whatever dies in between, the page comes again, and what is stored of it is known.
 */
@UseCase
class PullingOrders implements PullOrders {
    /**
     * Many times what a page takes, and no more than an account may wait where its puller died. One that is slower still is
     * no harm: another instance may pull the page as well, what either applies is known to the other, and only one of them
     * moves on.
     */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(30);

    private static final Duration UNTIL_OTHERS_ARE_DONE = Duration.ofSeconds(5);

    /** After so many failed tries in a row the account rests as if it were caught up. */
    private static final int MOST_TRIES = 5;

    /** So often details are asked for before the change is parked without. */
    private static final int MOST_ASKED = 3;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** Accounts wait for their sources side by side, but the pool of connections is everybody's. */
    private final Semaphore storing = new Semaphore(2, true);

    private final PullPlan plan;
    private final OrderFeed feed;
    private final Pulls pulls;
    private final Orders orders;
    private final ApplyChannelOrders apply;
    private final OneAtATime oneAtATime;
    private final Transactions transactions;
    private final Clock clock;
    private final RandomGenerator random;

    PullingOrders(
            PullPlan plan,
            OrderFeed feed,
            Pulls pulls,
            Orders orders,
            ApplyChannelOrders apply,
            OneAtATime oneAtATime,
            Transactions transactions,
            Clock clock,
            RandomGenerator random) {
        this.plan = plan;
        this.feed = feed;
        this.pulls = pulls;
        this.orders = orders;
        this.apply = apply;
        this.oneAtATime = oneAtATime;
        this.transactions = transactions;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<MallId> accounts() {
        return plan.accounts().stream().map(PullPlan.Account::mallId).toList();
    }

    @Override
    public Duration behind(MallId mallId) {
        Duration age = Duration.between(progress(mallId).watermark(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    @Override
    public Pulled pull(MallId mallId) {
        // Looked at before the turn is taken, so that a rest of an hour is an hour of reading only.
        return notDue(progress(mallId))
                .or(() -> oneAtATime.run("pull/" + mallId, LONGEST_TURN, () -> inTurn(mallId)))
                .orElseGet(() -> new Pulled.RestUntil(
                        clock.instant().plus(UNTIL_OTHERS_ARE_DONE), "another instance pulls this account"));
    }

    private Pulled inTurn(MallId mallId) {
        PullProgress progress = progress(mallId);
        return notDue(progress).orElseGet(() -> switch (feed.time(mallId)) {
            case Answer.Got<Instant> got -> pull(progress, got.value());
            case Answer.Denied<Instant> denied -> denied(progress, denied.denial());
        });
    }

    private Optional<Pulled> notDue(PullProgress progress) {
        return progress.dueAt().isAfter(clock.instant())
                ? Optional.of(new Pulled.RestUntil(progress.dueAt(), "not due"))
                : Optional.empty();
    }

    private Pulled pull(PullProgress progress, Instant sourceNow) {
        PullWindow window = progress.toPull(plan, sourceNow).orElse(null);
        if (window == null) {
            return caughtUp(progress);
        }
        PullProgress pulling = progress.pulling(window);
        return switch (feed.changes(progress.mallId(), window)) {
            case Answer.Got<Page> got -> page(pulling, window, got.value());
            case Answer.Denied<Page> denied ->
                denied.denial() instanceof Denial.RangeTooLong
                        ? shorter(pulling, window)
                        : denied(progress, denied.denial());
        };
    }

    private Pulled shorter(PullProgress progress, PullWindow window) {
        PullWindow half = window.half();
        return half.to().isAfter(progress.watermark())
                ? moreToDo(progress.pulling(half))
                : failing(
                        progress.pulling(window.fromItsStart()),
                        plan.pollInterval(),
                        "the source takes no window that is longer than the overlap: make the overlap shorter",
                        null);
    }

    private Pulled page(PullProgress progress, PullWindow window, Page page) {
        List<ChangedLine> news = news(progress.mallId(), page.lines());
        Map<LineId, byte[]> details = new HashMap<>();
        for (int from = 0; from < news.size(); from += OrderFeed.MOST_DETAILS) {
            List<ChangedLine> some = news.subList(from, Math.min(news.size(), from + OrderFeed.MOST_DETAILS));
            switch (feed.details(progress.mallId(), some)) {
                case Answer.Got<Map<LineId, byte[]>> got -> details.putAll(got.value());
                case Answer.Denied<Map<LineId, byte[]>> denied -> {
                    return denied(progress, denied.denial());
                }
            }
        }
        boolean askAgain = window.asked() + 1 < MOST_ASKED;
        List<ChannelOrder> changes = news.stream()
                .filter(line -> !askAgain || details.containsKey(line.lineId()))
                .map(line -> change(progress.mallId(), line, details.getOrDefault(line.lineId(), line.body())))
                .toList();
        Optional<String> refused = store(changes);
        if (refused.isPresent()) {
            // Passed over it would be lost. What names neither order nor line is no single slip but another interface.
            return failing(progress, plan.pollInterval(), refused.get(), null);
        }
        if (changes.size() < news.size()) {
            return rest(
                    progress.pulling(window.askedInVain()),
                    FIRST_PAUSE.multipliedBy(1L << window.asked()),
                    "details are missing");
        }
        return turn(progress, window, page);
    }

    private Pulled turn(PullProgress progress, PullWindow window, Page page) {
        if (page.next() == null) {
            PullProgress stored = progress.stored(window, page.answeredAt());
            return stored.lags(plan, page.answeredAt()) ? moreToDo(stored) : caughtUp(stored);
        }
        return window.turnedTo(page.next())
                .map(next -> moreToDo(progress.pulling(next)))
                .orElseGet(() -> failing(
                        progress.pulling(window.fromItsStart()),
                        plan.pollInterval(),
                        "the source's cursor does not move on; nothing to do here, if it lasts ask the source's support",
                        null));
    }

    /** What is not known yet; the overlap of windows and a page that comes again cost no details and no history. */
    private List<ChangedLine> news(MallId mallId, List<ChangedLine> lines) {
        Map<Arrival, ChangedLine> arrivals = lines.stream()
                .collect(Collectors.toMap(
                        line -> new Arrival(
                                new OrderId(Channel.NAVERPAY, mallId, line.orderNo()),
                                new Position(
                                        stream(line.lineId()),
                                        0,
                                        line.changedAt().toEpochMilli())),
                        Function.identity(),
                        (first, again) -> first,
                        LinkedHashMap::new));
        if (!arrivals.isEmpty()) {
            Set<Arrival> known = transactions.inOne(() -> orders.known(arrivals.keySet()));
            arrivals.keySet().removeAll(known);
        }
        // Details are those of now, whichever of a line's changes is asked about, so each line is asked for once.
        Map<LineId, ChangedLine> last = new LinkedHashMap<>();
        arrivals.values().forEach(line -> last.put(line.lineId(), line));
        return new ArrayList<>(last.values());
    }

    private static ChannelOrder change(MallId mallId, ChangedLine line, byte[] body) {
        return new ChannelOrder(
                Channel.NAVERPAY,
                mallId,
                body,
                line.changedAt(),
                new Source(stream(line.lineId()), 0, line.changedAt().toEpochMilli()));
    }

    /** A line's own: two changes of it never share a moment. */
    private static String stream(LineId lineId) {
        return "naverpay/" + lineId;
    }

    /** Applies them in slices; gives why one was refused. */
    private Optional<String> store(List<ChannelOrder> changes) {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        storing.acquireUninterruptibly();
        try {
            for (Outcome outcome : apply.apply(changes)) {
                switch (outcome) {
                    case Outcome.Done done -> {}
                    case Outcome.AlreadyDone already -> {}
                    case Outcome.TryLater later -> {
                        return Optional.of("a change cannot be applied yet");
                    }
                    case Outcome.Refused no -> {
                        return Optional.of("a change cannot be read (" + no.why() + "): ask for a newer version");
                    }
                }
            }
            return Optional.empty();
        } finally {
            storing.release();
        }
    }

    private Pulled denied(PullProgress progress, Denial denial) {
        return switch (denial) {
            case Denial.TooOften tooOften -> rest(progress, tooOften.pause(), tooOften.why());
            case Denial.RangeTooLong tooLong ->
                failing(progress, plan.pollInterval(), "the source says that the range is too long", null);
            case Denial.Refused refused -> failing(progress, plan.pollInterval(), refused.why(), refused.traceId());
            case Denial.Away away -> failing(progress, pauseAfter(progress.failures() + 1), away.why(), away.traceId());
        };
    }

    /** Twice as long each time, less up to a half by chance, so that accounts do not come back all at once. */
    private Duration pauseAfter(int failures) {
        Duration full = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_TRIES));
        return failures >= MOST_TRIES || full.compareTo(plan.pollInterval()) > 0
                ? plan.pollInterval()
                : full.minusMillis(random.nextLong(full.toMillis() / 2));
    }

    private Pulled moreToDo(PullProgress progress) {
        return saved(progress.working(), new Pulled.MoreToDo());
    }

    private Pulled caughtUp(PullProgress progress) {
        Instant next = clock.instant().plus(plan.pollInterval());
        return saved(progress.working().restingUntil(next), new Pulled.CaughtUp(next));
    }

    private Pulled rest(PullProgress progress, Duration wait, String why) {
        Instant until = clock.instant().plus(wait);
        return saved(progress.restingUntil(until), new Pulled.RestUntil(until, why));
    }

    private Pulled failing(PullProgress progress, Duration wait, String why, @Nullable String traceId) {
        Instant until = clock.instant().plus(wait);
        return saved(progress.failing(until, why, traceId), new Pulled.Failing(until, why, traceId));
    }

    private Pulled saved(PullProgress progress, Pulled pulled) {
        return transactions.inOne(() -> pulls.save(progress))
                ? pulled
                : new Pulled.RestUntil(
                        clock.instant().plus(UNTIL_OTHERS_ARE_DONE), "another instance went on with this account");
    }

    private PullProgress progress(MallId mallId) {
        return transactions.inOne(() -> pulls.of(plan.of(mallId)));
    }
}
