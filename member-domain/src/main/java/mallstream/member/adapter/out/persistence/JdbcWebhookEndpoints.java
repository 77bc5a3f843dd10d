package mallstream.member.adapter.out.persistence;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.EndpointHealth;
import mallstream.member.model.MallId;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcWebhookEndpoints implements WebhookEndpoints {
    private final JdbcClient jdbc;
    private final SecretCipher cipher;

    JdbcWebhookEndpoints(JdbcClient jdbc, SecretCipher cipher) {
        this.jdbc = jdbc;
        this.cipher = cipher;
    }

    @Override
    public void add(WebhookEndpoint endpoint) {
        jdbc.sql("""
                        insert into member.webhook_endpoint (id, mall_id, url, types, secret, registered_at)
                        values (?, ?, ?, ?::text[], ?, ?)""")
                .param(endpoint.id())
                .param(endpoint.mallId().value())
                .param(endpoint.url().toString())
                .param(endpoint.types().toArray(String[]::new))
                .param(cipher.seal(endpoint.id(), endpoint.secret()))
                .param(Columns.time(endpoint.registeredAt()))
                .update();
    }

    @Override
    public Optional<WebhookEndpoint> find(MallId mallId, UUID id) {
        return jdbc.sql("select * from member.webhook_endpoint where mall_id = ? and id = ? and deleted_at is null")
                .param(mallId.value())
                .param(id)
                .query((row, n) -> new WebhookEndpoint(
                        id,
                        mallId,
                        URI.create(row.getString("url")),
                        types(row),
                        cipher.open(id, row.getBytes("secret")),
                        Columns.instant(row, "registered_at")))
                .optional();
    }

    @Override
    public boolean exists(MallId mallId, UUID id) {
        return show(mallId, id).isPresent();
    }

    @Override
    public Optional<RegisteredEndpoint> show(MallId mallId, UUID id) {
        return jdbc.sql("""
                        select * from member.webhook_endpoint
                        where mall_id = ? and id = ? and deleted_at is null""")
                .param(mallId.value())
                .param(id)
                .query((row, n) -> registered(row))
                .optional();
    }

    @Override
    public List<RegisteredEndpoint> of(MallId mallId, int most) {
        return jdbc.sql("""
                        select * from member.webhook_endpoint where mall_id = ? and deleted_at is null
                        order by registered_at, id limit ?""")
                .param(mallId.value())
                .param(most)
                .query((row, n) -> registered(row))
                .list();
    }

    @Override
    public void rotate(UUID id, Secret secret, Instant bothUntil) {
        jdbc.sql("""
                        update member.webhook_endpoint
                        set previous_secret = secret, previous_secret_until = ?, secret = ?
                        where id = ? and deleted_at is null""")
                .param(Columns.time(bothUntil))
                .param(cipher.seal(id, secret))
                .param(id)
                .update();
    }

    @Override
    public Map<UUID, EndpointHealth> lockHealth(Collection<UUID> ids) {
        var health = new HashMap<UUID, EndpointHealth>();
        jdbc.sql("""
                        select * from member.webhook_endpoint where id = any(?::uuid[]) and disabled_at is null
                        order by id for no key update""").param(Rows.of(ids).uuids(id -> id)).query(row -> {
            health.put(Columns.uuid(row, "id"), health(row));
        });
        return health;
    }

    @Override
    public void saveHealth(UUID id, EndpointHealth health) {
        jdbc.sql("""
                        update member.webhook_endpoint
                        set failures = ?, pauses = ?, failing_since = ?::timestamptz, paused_until = ?::timestamptz,
                            failed_at = ?::timestamptz, failed_millis = ?
                        where id = ?""")
                .param(health.failures())
                .param(health.pauses())
                .param(Columns.timeOrNull(health.failingSince()))
                .param(Columns.timeOrNull(health.pausedUntil()))
                .param(Columns.timeOrNull(health.failedAt()))
                .param(health.failed().toMillis())
                .param(id)
                .update();
    }

    @Override
    public void enable(UUID id) {
        jdbc.sql("""
                        update member.webhook_endpoint
                        set disabled_at = null, disabled_reason = null, giving_up = false,
                            failures = 0, pauses = 0, failing_since = null, paused_until = null,
                            failed_at = null, failed_millis = 0
                        where id = ? and disabled_at is not null and deleted_at is null""").param(id).update();
    }

    @Override
    public Optional<MallId> disable(UUID id, String why, Instant now) {
        // What waits may be a backlog of days, and others' results stand in this transaction too: so it is given up
        // elsewhere.
        return jdbc.sql("""
                        update member.webhook_endpoint set disabled_at = ?, disabled_reason = ?, giving_up = true
                        where id = ? and disabled_at is null returning mall_id""")
                .param(Columns.time(now))
                .param(why)
                .param(id)
                .query((row, n) -> new MallId(row.getString("mall_id")))
                .optional();
    }

    @Override
    public void delete(UUID id, Instant now) {
        disable(id, "deleted", now);
        // An empty secret opens as little as a wrong one, also for the jar before this one, which knows no deletion.
        jdbc.sql("""
                        update member.webhook_endpoint
                        set deleted_at = ?, secret = ''::bytea, previous_secret = null, previous_secret_until = null
                        where id = ?""").param(Columns.time(now)).param(id).update();
    }

    private static RegisteredEndpoint registered(ResultSet row) throws SQLException {
        @Nullable Instant disabledAt = Columns.instantOrNull(row, "disabled_at");
        return new RegisteredEndpoint(
                Columns.uuid(row, "id"),
                URI.create(row.getString("url")),
                types(row),
                Columns.instant(row, "registered_at"),
                health(row),
                disabledAt == null
                        ? null
                        : new RegisteredEndpoint.Disabled(disabledAt, row.getString("disabled_reason")),
                Columns.instantOrNull(row, "previous_secret_until"));
    }

    private static EndpointHealth health(ResultSet row) throws SQLException {
        return new EndpointHealth(
                row.getInt("failures"),
                row.getInt("pauses"),
                Columns.instantOrNull(row, "failing_since"),
                Columns.instantOrNull(row, "paused_until"),
                Columns.instantOrNull(row, "failed_at"),
                Duration.ofMillis(row.getLong("failed_millis")));
    }

    private static Set<String> types(ResultSet row) throws SQLException {
        return Set.of((String[]) row.getArray("types").getArray());
    }
}
