package mallstream.member.application.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.AttemptWebhooks;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.SendWebhooks.Message;
import mallstream.member.application.port.out.SendWebhooks.Result;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookDeliveries.Attempted;
import mallstream.member.application.port.out.WebhookDeliveries.Due;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;

@UseCase
final class AttemptingWebhooks implements AttemptWebhooks {
    private static final int PER_ENDPOINT = 5;
    private static final int MOST = 50;

    /** Longer than a round can take: three timeouts of at most 40 s each. */
    private static final Duration LEASE = Duration.ofSeconds(150);

    /** The stored secret was encrypted with another key; an operator may bring that key back in time. */
    private static final Result.Failed UNREADABLE = new Result.Failed(0, "secret-unreadable", null);

    private final Transactions transactions;
    private final WebhookDeliveries deliveries;
    private final WebhookEndpoints endpoints;
    private final SendWebhooks webhooks;
    private final Clock clock;
    private final RandomGenerator random;

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
        Instant now = clock.instant();
        List<Due> due = transactions.inOne(() -> deliveries.lease(now, PER_ENDPOINT, MOST, LEASE));
        if (due.isEmpty()) {
            return 0;
        }
        var sent = new ArrayList<Due>();
        var messages = new ArrayList<Message>();
        var attempts = new ArrayList<Attempted>(due.size());
        for (Due one : due) {
            Secret secret = one.endpoint().secret();
            if (secret == null) {
                attempts.add(failed(one, UNREADABLE, now));
            } else {
                sent.add(one);
                messages.add(message(one, secret, now));
            }
        }
        List<Result> results = webhooks.send(messages);
        Instant ended = clock.instant();
        var notMade = new ArrayList<Due>();
        var gone = new HashSet<UUID>();
        for (int i = 0; i < sent.size(); i++) {
            Due one = sent.get(i);
            switch (results.get(i)) {
                case Result.Delivered delivered ->
                    attempts.add(new Attempted(one, State.DELIVERED, delivered.status(), null, null, ended));
                case Result.Failed failed -> attempts.add(failed(one, failed, ended));
                case Result.NotMade ignored -> notMade.add(one);
                case Result.Gone ignored -> {
                    attempts.add(new Attempted(one, State.GIVEN_UP, 410, "gone", null, ended));
                    gone.add(one.endpoint().id());
                }
            }
        }
        return transactions.inOne(() -> {
            deliveries.record(attempts);
            deliveries.release(notMade);
            gone.forEach(endpoint -> endpoints.disable(endpoint, "gone", ended));
            return attempts.size();
        });
    }

    private static Message message(Due due, Secret secret, Instant now) {
        var target = due.endpoint();
        return new Message(due.id().toString(), target.id(), target.url(), List.of(secret.bytes()), due.body(), now);
    }

    private Attempted failed(Due due, Result.Failed failed, Instant now) {
        @Nullable Duration wait = WebhookDelivery.waitAfter(due.attempts() + 1, failed.retryAfter(), random);
        return wait == null
                ? new Attempted(due, State.GIVEN_UP, failed.status(), failed.why(), null, now)
                : new Attempted(due, State.PENDING, failed.status(), failed.why(), now.plus(wait), now);
    }
}
