package mallstream.member.adapter.out.persistence;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.model.RequestKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcRequestKeys implements RequestKeys {
    private final JdbcClient jdbc;

    JdbcRequestKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Known claim(RequestKey key, Instant since) {
        byte[] scope = key.scope();
        // An advisory lock answers at once; a row would make the second request wait for the first.
        boolean mine = jdbc.sql("select pg_try_advisory_xact_lock(?)")
                .param(ByteBuffer.wrap(scope).getLong())
                .query(Boolean.class)
                .single();
        if (!mine) {
            return new Known.Held();
        }
        return jdbc.sql("select body_hash, created_id from member.request_key where scope = ? and created_at > ?")
                .param(scope)
                .param(Columns.time(since))
                .<Known>query((row, n) -> Arrays.equals(row.getBytes("body_hash"), key.bodyHash())
                        ? new Known.Used(Columns.uuid(row, "created_id"))
                        : new Known.UsedForAnotherBody())
                .optional()
                .orElseGet(Known.Fresh::new);
    }

    @Override
    public void remember(RequestKey key, UUID created, Instant now) {
        jdbc.sql("""
                        insert into member.request_key (scope, body_hash, created_id, created_at) values (?, ?, ?, ?)
                        on conflict (scope) do update
                          set body_hash = excluded.body_hash, created_id = excluded.created_id,
                              created_at = excluded.created_at""")
                .param(key.scope())
                .param(key.bodyHash())
                .param(created)
                .param(Columns.time(now))
                .update();
    }

    @Override
    public int purge(Instant before, int most) {
        return jdbc.sql("""
                        delete from member.request_key where scope in
                          (select scope from member.request_key where created_at <= ? limit ?)""").param(Columns.time(before)).param(most).update();
    }
}
