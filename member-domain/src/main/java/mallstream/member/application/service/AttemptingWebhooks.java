package mallstream.member.application.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.AttemptWebhooks;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.SendWebhooks.Ended;
import mallstream.member.application.port.out.SendWebhooks.Message;
import mallstream.member.application.port.out.SendWebhooks.Result;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
import mallstream.member.application.port.out.WebhookDeliveries.Due;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A round waits for no receiver: attempts are started as there is room, and recorded as they end. Rounds that wait for
 * their slowest attempt were turned down: with them a receiver that hangs keeps back those that share its round.
 */
@UseCase
final class AttemptingWebhooks implements AttemptWebhooks {
    private static final int MOST = 50;
    private static final int MOST_GIVEN_UP = 1000;

    /** Longer than an attempt of at most 40 s and the transaction of at most 15 s that records it. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    /** The longest attempt there can be. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(40);

    /** The stored secret was encrypted with another key; an operator may bring that key back in time. */
    private static final Result.Failed UNREADABLE = new Result.Failed(0, "secret-unreadable", null);

    private static final Set<Integer> OVERLOADED = Set.of(429, 502, 504);

    private final Transactions transactions;
    private final WebhookDeliveries deliveries;
    private final WebhookEndpoints endpoints;
    private final SendWebhooks webhooks;
    private final Clock clock;
    private final RandomGenerator random;

    /** What is under way, as many as {@link SendWebhooks} has places. */
    private final Map<Message, Due> started = new ConcurrentHashMap<>();

    /** Taken after each tick. Those beyond are disabled untold. */
    private final BlockingQueue<Disabled> disabled = new ArrayBlockingQueue<>(1000);

    AttemptingWebhooks(
            Transactions transactions,
            WebhookDeliveries deliveries,
            WebhookEndpoints endpoints,
            SendWebhooks webhooks,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.endpoints = endpoints;
        this.webhooks = webhooks;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public int attemptDue() {
        // No waiting here, not even a little for the first answer: what is due next would wait with it.
        return startDue() + recordEnded(Duration.ZERO);
    }

    @Override
    public int giveUpDisabled() {
        return transactions.inOne(() -> deliveries.giveUp(MOST_GIVEN_UP));
    }

    @Override
    public List<Disabled> disabled() {
        var taken = new ArrayList<Disabled>();
        disabled.drainTo(taken);
        return taken;
    }

    @Override
    public void finish() {
        Instant end = clock.instant().plus(LAST_WAIT);
        while (webhooks.running() > 0 && clock.instant().isBefore(end)) {
            recordEnded(Duration.ofMillis(50));
        }
    }

    private int startDue() {
        int room = Math.min(webhooks.room(), MOST);
        if (room == 0) {
            return 0;
        }
        Instant now = clock.instant();
        List<Due> due = transactions.inOne(() -> deliveries.lease(now, webhooks.mostPerEndpoint(), room, LEASE));
        var messages = new ArrayList<Message>();
        var unreadable = new ArrayList<Tried>();
        for (Due one : due) {
            if (one.endpoint().secrets().isEmpty()) {
                unreadable.add(new Tried(failed(one, UNREADABLE, now), UNREADABLE));
            } else {
                Message message = message(one, now);
                started.put(message, one);
                messages.add(message);
            }
        }
        // Those that were refused are due at once again: counted as work, they would come round without a pause.
        int begun = webhooks.start(messages);
        if (!unreadable.isEmpty()) {
            record(unreadable, List.of());
        }
        return begun + unreadable.size();
    }

    private int recordEnded(Duration wait) {
        List<Ended> ended = webhooks.ended(wait);
        if (ended.isEmpty()) {
            return 0;
        }
        Instant now = clock.instant();
        var tried = new ArrayList<Tried>();
        var notMade = new ArrayList<Due>();
        for (Ended one : ended) {
            Due due = Objects.requireNonNull(started.remove(one.message()), "an attempt that was not started");
            switch (one.result()) {
                case Result.Delivered done ->
                    tried.add(new Tried(new Attempted(due, State.DELIVERED, done.status(), null, null, now), done));
                case Result.Failed failed -> tried.add(new Tried(failed(due, failed, now), failed));
                case Result.Gone gone ->
                    tried.add(new Tried(new Attempted(due, State.GIVEN_UP, 410, "gone", null, now), gone));
                case Result.NotMade ignored -> notMade.add(due);
            }
        }
        return record(tried, notMade);
    }

    private int record(List<Tried> tried, List<Due> notMade) {
        List<Disabled> ended = transactions.inOne(() -> {
            // Endpoints before deliveries, as whoever disables one does; a success of one that is well changes nothing.
            var concerned = new TreeSet<UUID>();
            tried.stream().filter(Tried::matters).forEach(one -> concerned.add(one.endpoint()));
            Map<UUID, EndpointHealth> before = concerned.isEmpty() ? Map.of() : endpoints.lockHealth(concerned);
            var recorded = new HashSet<Attempted>(
                    deliveries.record(tried.stream().map(Tried::attempted).toList()));
            if (!notMade.isEmpty()) {
                deliveries.release(notMade);
            }
            var hopeless = new ArrayList<Disabled>();
            before.forEach((endpoint, health) -> judge(
                            endpoint,
                            health,
                            tried.stream()
                                    .filter(one ->
                                            one.endpoint().equals(endpoint) && recorded.contains(one.attempted()))
                                    .toList())
                    .ifPresent(hopeless::add));
            return hopeless;
        });
        ended.forEach(disabled::offer);
        return tried.size();
    }

    private Optional<Disabled> judge(UUID endpoint, EndpointHealth before, List<Tried> tried) {
        EndpointHealth health = before;
        for (Tried one : tried) {
            Instant at = one.attempted().at();
            switch (one.result()) {
                case Result.Delivered ignored -> health = EndpointHealth.WELL;
                case Result.Gone ignored -> {
                    return disable(endpoint, "gone", at);
                }
                case Result.Failed failed -> {
                    // An endpoint is not to blame for a key of ours.
                    if (!failed.equals(UNREADABLE)) {
                        health = health.afterFailure(at, isOverloaded(failed), failed.retryAfter(), random);
                    }
                }
                case Result.NotMade ignored -> {}
            }
        }
        if (!health.equals(before)) {
            endpoints.saveHealth(endpoint, health);
        }
        return health.isHopeless() ? disable(endpoint, "failing", clock.instant()) : Optional.empty();
    }

    private Optional<Disabled> disable(UUID endpoint, String why, Instant at) {
        return endpoints.disable(endpoint, why, at).map(mall -> new Disabled(endpoint, mall, why));
    }

    private static boolean isOverloaded(Result.Failed failed) {
        return OVERLOADED.contains(failed.status())
                || (failed.retryAfter() != null && failed.retryAfter().isPositive());
    }

    private static Message message(Due due, Instant now) {
        var target = due.endpoint();
        List<byte[]> secrets = target.secrets().stream().map(Secret::bytes).toList();
        return new Message(due.id().toString(), target.id(), target.url(), secrets, due.body(), now);
    }

    private Attempted failed(Due due, Result.Failed failed, Instant now) {
        @Nullable Duration wait = WebhookDelivery.waitAfter(due.attempts() + 1, failed.retryAfter(), random);
        return wait == null
                ? new Attempted(due, State.GIVEN_UP, failed.status(), failed.why(), null, now)
                : new Attempted(due, State.PENDING, failed.status(), failed.why(), now.plus(wait), now);
    }

    private record Tried(Attempted attempted, Result result) {
        UUID endpoint() {
            return attempted.due().endpoint().id();
        }

        boolean matters() {
            return attempted.due().endpoint().failing() || !(result instanceof Result.Delivered);
        }
    }
}
