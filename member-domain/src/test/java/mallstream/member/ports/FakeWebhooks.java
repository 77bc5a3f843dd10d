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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.WebhookDelivery;
import mallstream.member.model.WebhookDelivery.State;
import mallstream.member.model.WebhookEndpoint;
import org.jspecify.annotations.Nullable;

/** Endpoints and deliveries together, because the end of an endpoint ends its deliveries. */
final class FakeWebhooks implements WebhookDeliveries {
    private final FakeTransactions transactions;
    private final Clock clock;
    private final Map<UUID, WebhookEndpoint> endpoints = new LinkedHashMap<>();
    private final Set<UUID> disabled = new HashSet<>();
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

    WebhookEndpoints endpoints() {
        return new WebhookEndpoints() {
            @Override
            public void add(WebhookEndpoint endpoint) {
                synchronized (FakeWebhooks.this) {
                    transactions.mustBeOpen();
                    endpoints.put(endpoint.id(), endpoint);
                }
            }

            @Override
            public Optional<WebhookEndpoint> find(MallId mallId, UUID id) {
                synchronized (FakeWebhooks.this) {
                    transactions.mustBeOpen();
                    return Optional.ofNullable(endpoints.get(id))
                            .filter(one -> one.mallId().equals(mallId));
                }
            }

            @Override
            public boolean exists(MallId mallId, UUID id) {
                return find(mallId, id).isPresent();
            }

            @Override
            public void disable(UUID id, String why, Instant now) {
                synchronized (FakeWebhooks.this) {
                    transactions.mustBeOpen();
                    disabled.add(id);
                    pendingOf(id).forEach(row -> row.end(State.GIVEN_UP, why, now));
                }
            }
        };
    }

    @Override
    public synchronized int add(Collection<MemberSignedUp> signUps) {
        transactions.mustBeOpen();
        int added = 0;
        for (MemberSignedUp signUp : signUps) {
            for (WebhookEndpoint endpoint : endpoints.values()) {
                if (endpoint.mallId().equals(signUp.mallId())
                        && !disabled.contains(endpoint.id())
                        && rows.stream()
                                .noneMatch(row -> row.endpoint.equals(endpoint)
                                        && row.signUp.memberId().equals(signUp.memberId()))) {
                    rows.add(new Row(endpoint, signUp, clock.instant()));
                    added++;
                }
            }
        }
        return added;
    }

    @Override
    public synchronized List<Due> lease(Instant now, int perEndpoint, int most, Duration lease) {
        transactions.mustBeOpen();
        var due = new ArrayList<Due>();
        for (WebhookEndpoint endpoint : endpoints.values()) {
            if (pendingOf(endpoint.id()).noneMatch(row -> row.leasedUntil.isAfter(clock.instant()))) {
                pendingOf(endpoint.id())
                        .filter(row -> row.nextAttemptAt != null && !row.nextAttemptAt.isAfter(now))
                        .limit(Math.min(perEndpoint, most - due.size()))
                        .forEach(row -> due.add(row.lease(clock.instant().plus(lease))));
            }
        }
        return due;
    }

    @Override
    public synchronized void record(Collection<Attempted> attempts) {
        transactions.mustBeOpen();
        for (Attempted attempt : attempts) {
            rows.stream()
                    .filter(row -> row.id.equals(attempt.due().id())
                            && row.lease == attempt.due().lease())
                    .forEach(row -> row.record(attempt));
        }
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
    public synchronized List<WebhookDelivery> newestOf(UUID endpointId, int most) {
        transactions.mustBeOpen();
        return rows.stream()
                .filter(row -> row.endpoint.id().equals(endpointId))
                .sorted(Comparator.comparing((Row row) -> row.createdAt).reversed())
                .limit(most)
                .map(Row::delivery)
                .toList();
    }

    @Override
    public synchronized List<WebhookDelivery> about(Member.Key member) {
        transactions.mustBeOpen();
        return rows.stream()
                .filter(row -> row.signUp.mallId().equals(member.mallId())
                        && row.signUp.memberId().equals(member.memberId()))
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
        return rows.stream().filter(row -> row.endpoint.id().equals(endpoint) && row.state == State.PENDING);
    }

    private final class Row {
        private final UUID id = Some.uuid();
        private final WebhookEndpoint endpoint;
        private final MemberSignedUp signUp;
        private final Instant createdAt;
        private State state = State.PENDING;
        private int attempts;
        private @Nullable Integer lastStatus;
        private @Nullable String lastReason;
        private @Nullable Instant nextAttemptAt;
        private long lease;
        private Instant leasedUntil = Instant.MIN;
        private @Nullable Instant endedAt;

        Row(WebhookEndpoint endpoint, MemberSignedUp signUp, Instant now) {
            this.endpoint = endpoint;
            this.signUp = signUp;
            this.createdAt = now;
            this.nextAttemptAt = now;
        }

        Due lease(Instant until) {
            lease++;
            leasedUntil = until;
            var secret = unreadable.contains(endpoint.id()) ? null : endpoint.secret();
            var target = new Target(endpoint.id(), endpoint.url(), secret);
            return new Due(id, lease, attempts, target, "{\"memberId\":\"" + signUp.memberId() + "\"}");
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

        void end(State how, String why, Instant now) {
            state = how;
            lastReason = why;
            nextAttemptAt = null;
            endedAt = now;
        }

        WebhookDelivery delivery() {
            return new WebhookDelivery(
                    id, endpoint.id(), signUp.memberId(), state, attempts, lastStatus, lastReason, nextAttemptAt);
        }
    }
}
