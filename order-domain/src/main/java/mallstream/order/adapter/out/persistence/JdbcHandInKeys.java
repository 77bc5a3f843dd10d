package mallstream.order.adapter.out.persistence;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import mallstream.order.application.port.out.HandInKeys;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcHandInKeys implements HandInKeys {
    private final JdbcClient jdbc;

    JdbcHandInKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> bodyUnder(String scope, Instant now) {
        return jdbc.sql("select body from orders.hand_in_key where scope = :scope and kept_until > :now")
                .param("scope", scope)
                .param("now", utc(now))
                .query(String.class)
                .optional();
    }

    @Override
    public boolean keep(String scope, String body, Instant now, Instant until) {
        return jdbc.sql("""
                        insert into orders.hand_in_key as k (scope, body, kept_until) values (:scope, :body, :until)
                        on conflict (scope) do update set body = excluded.body, kept_until = excluded.kept_until
                        where k.kept_until <= :now""")
                        .param("scope", scope)
                        .param("body", body)
                        .param("until", utc(until))
                        .param("now", utc(now))
                        .update()
                == 1;
    }

    @Override
    public int forget(Instant now) {
        return jdbc.sql("delete from orders.hand_in_key where kept_until <= :now")
                .param("now", utc(now))
                .update();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
