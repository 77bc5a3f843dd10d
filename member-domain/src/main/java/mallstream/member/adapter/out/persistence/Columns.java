package mallstream.member.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import org.jspecify.annotations.Nullable;

/** How our values stand in columns. */
final class Columns {
    private Columns() {}

    /** PostgreSQL's driver takes and gives no Instant. */
    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable OffsetDateTime timeOrNull(@Nullable Instant instant) {
        return instant == null ? null : time(instant);
    }

    /** For {@code make_interval(secs => ?)}. */
    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static Member.Key member(ResultSet row) throws SQLException {
        return new Member.Key(new MallId(row.getString("mall_id")), new MemberId(uuid(row, "member_id")));
    }
}
