package mallstream.member.application.service;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.ManageWebhookEndpoints;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.MallId;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.RequestKey;
import mallstream.member.model.SecretRotation;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;

@UseCase
final class ManagingWebhookEndpoints implements ManageWebhookEndpoints {
    private final Transactions transactions;
    private final WebhookEndpoints endpoints;
    private final WebhookDeliveries deliveries;
    private final Once once;
    private final SecretRotation rotation;
    private final Clock clock;
    private final RandomGenerator random;

    ManagingWebhookEndpoints(
            Transactions transactions,
            WebhookEndpoints endpoints,
            WebhookDeliveries deliveries,
            RequestKeys keys,
            SecretRotation rotation,
            Clock clock,
            RandomGenerator random) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.once = new Once(keys, clock);
        this.rotation = rotation;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<RegisteredEndpoint> list(MallId mallId) {
        return transactions.inOne(() -> endpoints.of(mallId, MOST));
    }

    @Override
    public Optional<RegisteredEndpoint> read(MallId mallId, UUID id) {
        return transactions.inOne(() -> endpoints.show(mallId, id));
    }

    @Override
    public Answer<Optional<Rotated>> rotate(MallId mallId, UUID id, @Nullable RequestKey key) {
        return transactions.inOne(() -> once.create(
                key,
                () -> rotateNow(mallId, id),
                rotated -> rotated.map(done -> id),
                rotatedBefore -> newest(mallId, id)));
    }

    private Optional<Rotated> rotateNow(MallId mallId, UUID id) {
        if (!endpoints.exists(mallId, id)) {
            return Optional.empty();
        }
        Secret secret = Secret.from(random);
        Instant until = clock.instant().plus(rotation.overlap());
        endpoints.rotate(id, secret, until);
        return Optional.of(new Rotated(secret, until));
    }

    private Optional<Rotated> newest(MallId mallId, UUID id) {
        return endpoints.find(mallId, id).map(WebhookEndpoint::secret).map(secret -> {
            Instant until = endpoints
                    .show(mallId, id)
                    .map(RegisteredEndpoint::bothSecretsUntil)
                    .orElseGet(clock::instant);
            return new Rotated(secret, until);
        });
    }

    @Override
    public Optional<RegisteredEndpoint> enable(MallId mallId, UUID id) {
        return changed(mallId, id, () -> endpoints.enable(id));
    }

    @Override
    public Optional<RegisteredEndpoint> disable(MallId mallId, UUID id) {
        return changed(mallId, id, () -> endpoints.disable(id, "by-request", clock.instant()));
    }

    private Optional<RegisteredEndpoint> changed(MallId mallId, UUID id, Runnable change) {
        return transactions.inOne(() -> {
            if (!endpoints.exists(mallId, id)) {
                return Optional.empty();
            }
            change.run();
            return endpoints.show(mallId, id);
        });
    }

    @Override
    public boolean delete(MallId mallId, UUID id) {
        return transactions.inOne(() -> {
            boolean there = endpoints.exists(mallId, id);
            if (there) {
                endpoints.delete(id, clock.instant());
            }
            return there;
        });
    }

    @Override
    public Answer<Sent> test(MallId mallId, UUID id, @Nullable RequestKey key) {
        return transactions.inOne(() -> once.create(
                key,
                () -> toEnabled(mallId, id, () -> new Sent.One(deliveries.addTest(id, clock.instant()))),
                sent -> sent instanceof Sent.One one ? Optional.of(one.deliveryId()) : Optional.empty(),
                Sent.One::new));
    }

    @Override
    public Sent redeliver(MallId mallId, UUID id, UUID deliveryId) {
        return transactions.inOne(() -> toEnabled(
                mallId,
                id,
                () -> deliveries.redeliver(id, deliveryId, clock.instant())
                        ? new Sent.One(deliveryId)
                        : new Sent.NoSuchDelivery()));
    }

    @Override
    public Sent redeliverFailed(MallId mallId, UUID id, Instant since) {
        return transactions.inOne(() -> toEnabled(
                mallId,
                id,
                () -> new Sent.Many(deliveries.redeliverFailed(id, since, MOST_REDELIVERED, clock.instant()))));
    }

    private Sent toEnabled(MallId mallId, UUID id, Supplier<Sent> send) {
        Optional<RegisteredEndpoint> endpoint = endpoints.show(mallId, id);
        if (endpoint.isEmpty()) {
            return new Sent.NoSuchEndpoint();
        }
        // Locked, so that one who disables it meanwhile gives up what is added here, or is seen here.
        return endpoints.lockHealth(List.of(id)).isEmpty() ? new Sent.EndpointDisabled() : send.get();
    }
}
