package mallstream.member.ports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;

/** Endpoints and deliveries together, because the end of an endpoint ends its deliveries. */
final class FakeWebhooks implements WebhookDeliveries {
    private final FakeTransactions transactions;
    private final Clock clock;
    private final Map<UUID, Endpoint> endpoints = new LinkedHashMap<>();
    private final Set<UUID> unreadable = new HashSet<>();
    private final List<Row> rows = new ArrayList<>();

    FakeWebhooks(FakeTransactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /** As if the stored secret had been encrypted with another key. */
    void loseSecret(UUID endpoint) {
        unreadable.add(endpoint);
    }

    private final class Endpoint {
        private WebhookEndpoint it;
        private EndpointHealth health = EndpointHealth.WELL;
        private RegisteredEndpoint.@Nullable Disabled disabled;
        private @Nullable Secret previous;
        private @Nullable Instant bothUntil;
        private boolean deleted;

        Endpoint(WebhookEndpoint it) {
            this.it = it;
        }

        RegisteredEndpoint shown() {
            return new RegisteredEndpoint(
                    it.id(), it.url(), it.types(), it.registeredAt(), health, disabled, bothUntil);
        }

        List<Secret> secrets(Instant now) {
            if (unreadable.contains(it.id())) {
                return List.of();
            }
            return previous != null && Objects.requireNonNull(bothUntil).isAfter(now)
                    ? List.of(it.secret(), previous)
                    : List.of(it.secret());
        }
    }

    WebhookEndpoints endpoints() {
        return new Endpoints();
    }

    private final class Endpoints implements WebhookEndpoints {
        @Override
        public void add(WebhookEndpoint endpoint) {
            synchronized (FakeWebhooks.this) {
                transactions.mustBeOpen();
                endpoints.put(endpoint.id(), new Endpoint(endpoint));
            }
        }

        private Optional<Endpoint> ofMall(MallId mallId, UUID id) {
            synchronized (FakeWebhooks.this) {
                transactions.mustBeOpen();
                return Optional.ofNullable(endpoints.get(id))
                        .filter(one -> one.it.mallId().equals(mallId) && !one.deleted);
            }
        }

        @Override
        public Optional<WebhookEndpoint> find(MallId mallId, UUID id) {
            return ofMall(mallId, id).map(one -> one.it);
        }

        @Override
        public boolean exists(MallId mallId, UUID id) {
            return ofMall(mallId, id).isPresent();
        }

        @Override
        public Optional<RegisteredEndpoint> show(MallId mallId, UUID id) {
            return ofMall(mallId, id).map(Endpoint::shown);
        }

        @Override
        public List<RegisteredEndpoint> of(MallId mallId, int most) {
            synchronized (FakeWebhooks.this) {
                transactions.mustBeOpen();
                return endpoints.values().stream()
                        .filter(one -> one.it.mallId().equals(mallId) && !one.deleted)
                        .limit(most)
                        .map(Endpoint::shown)
                        .toList();
            }
        }

        @Override
        public void rotate(UUID id, Secret secret, Instant bothUntil) {
            change(id, one -> {
                var it = one.it;
                one.previous = it.secret();
                one.bothUntil = bothUntil;
                one.it = new WebhookEndpoint(id, it.mallId(), it.url(), it.types(), secret, it.registeredAt());
            });
        }

        @Override
        public Map<UUID, EndpointHealth> lockHealth(Collection<UUID> ids) {
            synchronized (FakeWebhooks.this) {
                transactions.mustBeOpen();
                return endpoints.values().stream()
                        .filter(one -> ids.contains(one.it.id()) && one.disabled == null)
                        .collect(Collectors.toMap(one -> one.it.id(), one -> one.health));
            }
        }

        @Override
        public void saveHealth(UUID id, EndpointHealth health) {
            change(id, one -> one.health = health);
        }

        @Override
        public void enable(UUID id) {
            change(id, one -> {
                if (one.disabled != null) {
                    one.disabled = null;
                    one.health = EndpointHealth.WELL;
                }
            });
        }

        @Override
        public Optional<MallId> disable(UUID id, String why, Instant now) {
            synchronized (FakeWebhooks.this) {
                transactions.mustBeOpen();
                var one = Objects.requireNonNull(endpoints.get(id));
                if (one.disabled != null) {
                    return Optional.empty();
                }
                one.disabled = new RegisteredEndpoint.Disabled(now, why);
                return Optional.of(one.it.mallId());
            }
        }

        @Override
        public void delete(UUID id, Instant now) {
            disable(id, "deleted", now);
            change(id, one -> one.deleted = true);
        }

        private void change(UUID id, Consumer<Endpoint> change) {
            synchronized (FakeWebhooks.this) {
                transactions.mustBeOpen();
                change.accept(Objects.requireNonNull(endpoints.get(id)));
            }
        }
    }

    @Override
    public synchronized int add(Collection<MemberSignedUp> signUps) {
        transactions.mustBeOpen();
        int added = 0;
        for (MemberSignedUp signUp : signUps) {
            for (Endpoint endpoint : endpoints.values()) {
                Set<String> types = endpoint.it.types();
                if (endpoint.it.mallId().equals(signUp.mallId())
                        && endpoint.disabled == null
                        && (types.isEmpty() || types.contains(WebhookDelivery.SIGNED_UP))
                        && rows.stream()
                                .noneMatch(row -> row.endpoint == endpoint
                                        && signUp.memberId().equals(row.memberId))) {
                    rows.add(new Row(endpoint, WebhookDelivery.SIGNED_UP, signUp.memberId(), clock.instant()));
                    added++;
                }
            }
        }
        return added;
    }

    @Override
    public synchronized UUID addTest(UUID endpointId, Instant now) {
        transactions.mustBeOpen();
        var row = new Row(Objects.requireNonNull(endpoints.get(endpointId)), WebhookDelivery.TEST, null, now);
        rows.add(row);
        return row.id;
    }

    @Override
    public synchronized boolean redeliver(UUID endpointId, UUID id, Instant now) {
        transactions.mustBeOpen();
        return rows.stream()
                        .filter(row -> row.id.equals(id) && row.endpoint.it.id().equals(endpointId))
                        .peek(row -> row.again(now))
                        .count()
                == 1;
    }

    @Override
    public synchronized int redeliverFailed(UUID endpointId, Instant since, int most, Instant now) {
        transactions.mustBeOpen();
        List<Row> failed = rows.stream()
                .filter(row -> row.endpoint.it.id().equals(endpointId)
                        && row.state == State.GIVEN_UP
                        && row.endedAt != null
                        && !row.endedAt.isBefore(since))
                .sorted(Comparator.comparing((Row row) -> Objects.requireNonNull(row.endedAt)))
                .limit(most)
                .toList();
        failed.forEach(row -> row.again(now));
        return failed.size();
    }

    @Override
    public synchronized List<Due> lease(Instant now, int perEndpoint, int most, Duration lease) {
        transactions.mustBeOpen();
        var due = new ArrayList<Due>();
        for (Endpoint endpoint : endpoints.values()) {
            if (endpoint.disabled != null || endpoint.health.isPaused(now)) {
                continue;
            }
            long taken = pendingOf(endpoint.it.id()).filter(Row::isLeased).count();
            long cap = endpoint.health.pausedUntil() == null ? perEndpoint : 1;
            pendingOf(endpoint.it.id())
                    .filter(row -> !row.isLeased() && row.nextAttemptAt != null && !row.nextAttemptAt.isAfter(now))
                    .limit(Math.max(0, Math.min(cap - taken, most - due.size())))
                    .toList()
                    .forEach(row -> due.add(row.lease(now, clock.instant().plus(lease))));
        }
        return due;
    }

    @Override
    public synchronized List<Attempted> record(Collection<Attempted> attempts) {
        transactions.mustBeOpen();
        var recorded = new ArrayList<Attempted>();
        for (Attempted attempt : attempts) {
            rows.stream()
                    .filter(row -> row.id.equals(attempt.due().id())
                            && row.lease == attempt.due().lease()
                            && row.isLeased()
                            && row.state == State.PENDING)
                    .findFirst()
                    .ifPresent(row -> {
                        row.record(attempt);
                        recorded.add(attempt);
                    });
        }
        return recorded;
    }

    @Override
    public synchronized void release(Collection<Due> due) {
        transactions.mustBeOpen();
        for (Due one : due) {
            rows.stream()
                    .filter(row -> row.id.equals(one.id()) && row.lease == one.lease())
                    .forEach(row -> row.leasedUntil = Instant.MIN);
        }
    }

    @Override
    public synchronized int giveUp(int most) {
        transactions.mustBeOpen();
        List<Row> left = rows.stream()
                .filter(row -> row.state == State.PENDING && row.endpoint.disabled != null)
                .limit(most)
                .toList();
        left.forEach(Row::giveUp);
        return left.size();
    }

    @Override
    public synchronized List<WebhookDelivery> newestOf(UUID endpointId, int most) {
        transactions.mustBeOpen();
        return rows.stream()
                .filter(row -> row.endpoint.it.id().equals(endpointId))
                .sorted(Comparator.comparing((Row row) -> row.createdAt).reversed())
                .limit(most)
                .map(Row::delivery)
                .toList();
    }

    @Override
    public synchronized List<WebhookDelivery> about(Member.Key member) {
        transactions.mustBeOpen();
        return rows.stream()
                .filter(row -> row.endpoint.it.mallId().equals(member.mallId())
                        && member.memberId().equals(row.memberId))
                .map(Row::delivery)
                .toList();
    }

    @Override
    public synchronized int purge(Instant before, int most) {
        transactions.mustBeOpen();
        var old = rows.stream()
                .filter(row -> row.endedAt != null && row.endedAt.isBefore(before))
                .limit(most)
                .toList();
        rows.removeAll(old);
        return old.size();
    }

    private Stream<Row> pendingOf(UUID endpoint) {
        return rows.stream().filter(row -> row.endpoint.it.id().equals(endpoint) && row.state == State.PENDING);
    }

    private final class Row {
        private final UUID id = Some.uuid();
        private final Endpoint endpoint;
        private final String type;
        private final @Nullable MemberId memberId;
        private final Instant createdAt;
        private State state = State.PENDING;
        private int attempts;
        private @Nullable Integer lastStatus;
        private @Nullable String lastReason;
        private @Nullable Instant nextAttemptAt;
        private long lease;
        private Instant leasedUntil = Instant.MIN;
        private @Nullable Instant endedAt;

        Row(Endpoint endpoint, String type, @Nullable MemberId memberId, Instant now) {
            this.endpoint = endpoint;
            this.type = type;
            this.memberId = memberId;
            this.createdAt = now;
            this.nextAttemptAt = now;
        }

        boolean isLeased() {
            return leasedUntil.isAfter(clock.instant());
        }

        Due lease(Instant now, Instant until) {
            lease++;
            leasedUntil = until;
            var target = new Target(
                    endpoint.it.id(),
                    endpoint.it.url(),
                    endpoint.secrets(now),
                    !endpoint.health.equals(EndpointHealth.WELL));
            return new Due(
                    id, lease, attempts, target, "{\"type\":\"" + type + "\",\"memberId\":\"" + memberId + "\"}");
        }

        void record(Attempted attempt) {
            attempts++;
            state = attempt.state();
            lastStatus = attempt.status();
            lastReason = attempt.reason();
            nextAttemptAt = attempt.nextAttemptAt();
            leasedUntil = Instant.MIN;
            endedAt = state == State.PENDING ? null : attempt.at();
        }

        void again(Instant now) {
            if (!isLeased()) {
                state = State.PENDING;
                attempts = 0;
                nextAttemptAt = now;
                endedAt = null;
            }
        }

        void giveUp() {
            var disabled = Objects.requireNonNull(endpoint.disabled);
            state = State.GIVEN_UP;
            lastReason = disabled.reason();
            nextAttemptAt = null;
            endedAt = disabled.since();
        }

        WebhookDelivery delivery() {
            var ended = state == State.PENDING ? endpoint.disabled : null;
            return new WebhookDelivery(
                    id,
                    endpoint.it.id(),
                    type,
                    memberId,
                    ended == null ? state : State.GIVEN_UP,
                    attempts,
                    lastStatus,
                    ended == null ? lastReason : ended.reason(),
                    ended == null ? nextAttemptAt : null);
        }
    }
}
