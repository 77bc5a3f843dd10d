package mallstream.order.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import mallstream.order.application.port.out.Pulls;
import mallstream.order.model.MallId;
import mallstream.order.model.PullCursor;
import mallstream.order.model.PullPlan;
import mallstream.order.model.PullProgress;
import mallstream.order.model.PullWindow;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcPulls implements Pulls {
    private final JdbcClient jdbc;

    JdbcPulls(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public PullProgress of(PullPlan.Account account) {
        return jdbc.sql("select * from orders.pull where mall_id = :mall")
                .param("mall", account.mallId().value())
                .query((row, n) -> progress(row))
                .optional()
                .orElseGet(() -> PullProgress.begin(account));
    }

    @Override
    public boolean save(PullProgress progress) {
        PullWindow window = progress.window();
        PullCursor cursor = window == null ? null : window.cursor();
        return jdbc.sql("""
                        insert into orders.pull as p (mall_id, version, watermark, window_from, window_to, window_pages,
                            window_asked, cursor_from, cursor_sequence, due_at, failures, failure, trace_id)
                        values (:mall, :version + 1, :watermark, cast(:from as timestamptz), cast(:to as timestamptz), :pages,
                            :asked, cast(:cursorFrom as timestamptz), :sequence, :due, :failures, :failure, :trace)
                        on conflict (mall_id) do update set version = excluded.version, watermark = excluded.watermark,
                            window_from = excluded.window_from, window_to = excluded.window_to,
                            window_pages = excluded.window_pages, window_asked = excluded.window_asked,
                            cursor_from = excluded.cursor_from, cursor_sequence = excluded.cursor_sequence,
                            due_at = excluded.due_at, failures = excluded.failures, failure = excluded.failure,
                            trace_id = excluded.trace_id
                        where p.version = :version""")
                        .param("mall", progress.mallId().value())
                        .param("version", progress.version())
                        .param("watermark", utc(progress.watermark()))
                        .param("from", window == null ? null : utc(window.from()))
                        .param("to", window == null ? null : utc(window.to()))
                        .param("pages", window == null ? 0 : window.pages())
                        .param("asked", window == null ? 0 : window.asked())
                        .param("cursorFrom", cursor == null ? null : utc(cursor.from()))
                        .param("sequence", cursor == null ? null : cursor.sequence())
                        .param("due", utc(progress.dueAt()))
                        .param("failures", progress.failures())
                        .param("failure", progress.failure())
                        .param("trace", progress.traceId())
                        .update()
                == 1;
    }

    private static PullProgress progress(ResultSet row) throws SQLException {
        Instant from = instant(row, "window_from");
        Instant to = instant(row, "window_to");
        return new PullProgress(
                new MallId(row.getString("mall_id")),
                row.getLong("version"),
                row.getObject("watermark", OffsetDateTime.class).toInstant(),
                from == null || to == null
                        ? null
                        : new PullWindow(from, to, row.getInt("window_pages"), row.getInt("window_asked"), cursor(row)),
                row.getObject("due_at", OffsetDateTime.class).toInstant(),
                row.getInt("failures"),
                row.getString("failure"),
                row.getString("trace_id"));
    }

    private static @Nullable PullCursor cursor(ResultSet row) throws SQLException {
        Instant from = instant(row, "cursor_from");
        return from == null ? null : new PullCursor(from, row.getString("cursor_sequence"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
