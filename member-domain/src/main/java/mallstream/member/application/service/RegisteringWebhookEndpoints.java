package mallstream.member.application.service;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.RegisterWebhookEndpoint;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.AddressNotAllowed;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.Registered;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.MallId;
import mallstream.member.model.RequestKey;
import mallstream.member.model.UuidV7;
import mallstream.member.model.WebhookEndpoint;
import org.jspecify.annotations.Nullable;

@UseCase
final class RegisteringWebhookEndpoints implements RegisterWebhookEndpoint {
    private final Transactions transactions;
    private final WebhookEndpoints endpoints;
    private final SendWebhooks webhooks;
    private final Once once;
    private final Clock clock;
    private final RandomGenerator random;

    RegisteringWebhookEndpoints(
            Transactions transactions,
            WebhookEndpoints endpoints,
            SendWebhooks webhooks,
            RequestKeys keys,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.webhooks = webhooks;
        this.once = new Once(keys, clock);
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Answer<Result> register(MallId mallId, URI url, @Nullable RequestKey key) {
        // Names are resolved before the transaction: no connection waits for a name server.
        Optional<String> refused = webhooks.whyNot(url);
        return transactions.inOne(() -> once.create(
                key,
                () -> refused.<Result>map(AddressNotAllowed::new).orElseGet(() -> store(mallId, url)),
                RegisteringWebhookEndpoints::created,
                id -> again(mallId, id)));
    }

    private Result store(MallId mallId, URI url) {
        Instant now = clock.instant();
        var endpoint =
                new WebhookEndpoint(UuidV7.at(now, random), mallId, url, WebhookEndpoint.Secret.from(random), now);
        endpoints.add(endpoint);
        return new Registered(endpoint);
    }

    private Result again(MallId mallId, UUID id) {
        return new Registered(endpoints.find(mallId, id).orElseThrow());
    }

    private static Optional<UUID> created(Result result) {
        return switch (result) {
            case Registered registered -> Optional.of(registered.endpoint().id());
            case AddressNotAllowed ignored -> Optional.empty();
        };
    }
}
