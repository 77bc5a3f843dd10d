package mallstream.member.application.service;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.RegisterWebhookEndpoint;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.AddressNotAllowed;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.Deleted;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.Registered;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result.UnknownType;
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
    public Answer<Result> register(MallId mallId, URI url, Set<String> types, @Nullable RequestKey key) {
        if (!WebhookEndpoint.TYPES.containsAll(types)) {
            return new Answer.Given<>(new UnknownType(WebhookEndpoint.TYPES));
        }
        // Names are resolved before the transaction: no connection waits for a name server.
        Optional<String> refused = webhooks.whyNot(url);
        return transactions.inOne(() -> once.create(
                key,
                () -> refused.<Result>map(AddressNotAllowed::new).orElseGet(() -> store(mallId, url, types)),
                RegisteringWebhookEndpoints::created,
                id -> again(mallId, id)));
    }

    private Result store(MallId mallId, URI url, Set<String> types) {
        Instant now = clock.instant();
        var endpoint = new WebhookEndpoint(
                UuidV7.at(now, random), mallId, url, types, WebhookEndpoint.Secret.from(random), now);
        endpoints.add(endpoint);
        return new Registered(endpoint);
    }

    private Result again(MallId mallId, UUID id) {
        return endpoints.find(mallId, id).<Result>map(Registered::new).orElseGet(Deleted::new);
    }

    private static Optional<UUID> created(Result result) {
        return switch (result) {
            case Registered registered -> Optional.of(registered.endpoint().id());
            case AddressNotAllowed ignored -> Optional.empty();
            case UnknownType ignored -> Optional.empty();
            case Deleted ignored -> Optional.empty();
        };
    }
}
