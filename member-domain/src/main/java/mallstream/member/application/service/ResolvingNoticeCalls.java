package mallstream.member.application.service;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import mallstream.member.application.port.in.ResolveNoticeCalls;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCalls.Backlog;
import mallstream.member.application.port.out.NoticeCalls.Ended;
import mallstream.member.application.port.out.NoticeCalls.Lost;
import mallstream.member.application.port.out.NoticeCalls.Row;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.application.port.out.SendNotices;
import mallstream.member.application.port.out.SendNotices.Result;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.NoticeCampaign.NoticeChannel;
import mallstream.member.model.NoticeRecipient.State;
import mallstream.member.model.NoticeRequested;
import mallstream.member.model.NoticeSettings;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;

@UseCase
final class ResolvingNoticeCalls implements ResolveNoticeCalls {
    /** Longer than a look-up takes; one that takes longer is made again, which harms nobody. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    /** So often a channel may say that it does not know yet; then the rows stay unknown. */
    private static final int MOST_LOOK_UPS = 10;

    private final Transactions transactions;
    private final NoticeCalls calls;
    private final Map<NoticeChannel, SendNotices> senders;
    private final PublishEvents events;
    private final NoticeSettings settings;
    private final Clock clock;

    ResolvingNoticeCalls(
            Transactions transactions,
            NoticeCalls calls,
            List<SendNotices> senders,
            PublishEvents events,
            NoticeSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.calls = calls;
        this.senders = senders.stream().collect(toMap(SendNotices::channel, Function.identity()));
        this.events = events;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public int resolve() {
        boolean givenUp = transactions.inOne(() -> calls.giveUp(clock.instant(), settings.settle()));
        Optional<Lost> due = transactions.inOne(() -> calls.lease(LEASE));
        if (due.isEmpty()) {
            return givenUp ? 1 : 0;
        }
        Lost call = due.get();
        try {
            record(call, lookUp(call));
            return 1;
        } catch (Unavailable e) {
            postpone(call);
            return 0;
        }
    }

    @Override
    public int lost() {
        return backlog().lost();
    }

    @Override
    public Duration oldestAge() {
        return backlog().oldest();
    }

    private Backlog backlog() {
        return transactions.inOne(() -> calls.backlog(clock.instant()));
    }

    private Optional<Map<UUID, Result>> lookUp(Lost call) {
        SendNotices sender = senders.get(call.channel());
        return sender == null ? Optional.empty() : sender.lookUp(call.id(), call.begunAt());
    }

    private void record(Lost call, Optional<Map<UUID, Result>> answer) {
        var results = new ArrayList<Ended>();
        boolean open = false;
        for (Row row : call.unknown()) {
            if (answer.isEmpty()) {
                continue;
            }
            Result result = answer.get().get(row.id());
            if (result instanceof Result.Unknown) {
                open = true;
            } else {
                results.add(
                        result == null
                                ? Ended.notSent(row.member().memberId())
                                : Ended.of(row.member().memberId(), row.attempts(), result));
            }
        }
        @Nullable Duration again = open && call.lookUps() + 1 < MOST_LOOK_UPS ? wait(call) : null;
        Instant now = clock.instant();
        if (transactions.inOne(() -> calls.resolve(call, results, now, again))) {
            publish(call, results);
        }
    }

    /**
     * Only now are they ready; who was turned down for the moment comes with the campaign's next pass, and so do all where
     * this fails or the instance dies.
     */
    private void publish(Lost call, List<Ended> results) {
        var ready = results.stream()
                .filter(ended -> ended.state() == State.READY && !ended.attempt())
                .map(Ended::memberId)
                .collect(toSet());
        List<NoticeRequested> requests = call.unknown().stream()
                .map(Row::member)
                .filter(member -> ready.contains(member.memberId()))
                .map(member -> new NoticeRequested(call.campaignId(), member.mallId(), member.memberId()))
                .toList();
        if (!requests.isEmpty()) {
            events.publish(requests);
        }
    }

    private void postpone(Lost call) {
        transactions.inOne(() -> calls.resolve(call, List.of(), clock.instant(), wait(call)));
    }

    /** Twice as long each time. */
    private static Duration wait(Lost call) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(call.lookUps(), 10));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }
}
