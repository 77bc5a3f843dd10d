package mallstream.order.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import mallstream.order.model.Channel;
import mallstream.order.model.Claim;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Position;
import org.jspecify.annotations.Nullable;

/** Rows in the domain's words. */
final class Rows {
    private Rows() {}

    static OrderId orderId(ResultSet row) throws SQLException {
        return new OrderId(
                Channel.valueOf(row.getString("channel")),
                new MallId(row.getString("mall_id")),
                new OrderNo(row.getString("order_no")));
    }

    static Position position(ResultSet row) throws SQLException {
        return new Position(row.getString("stream"), row.getInt("stream_partition"), row.getLong("stream_offset"));
    }

    static Line line(ResultSet row) throws SQLException {
        String kind = row.getString("claim_kind");
        return new Line(
                new LineId(row.getString("line_id")),
                LineStatus.valueOf(row.getString("status")),
                kind == null
                        ? null
                        : new Claim(Claim.Kind.valueOf(kind), Claim.Stage.valueOf(row.getString("claim_stage"))),
                row.getBoolean("return_claimed"),
                row.getObject("version", OffsetDateTime.class).toInstant());
    }

    static HistoryEntry historyEntry(OrderId order, ResultSet row) throws SQLException {
        String lineId = row.getString("line_id");
        OffsetDateTime sourceTime = row.getObject("source_time", OffsetDateTime.class);
        return new HistoryEntry(
                order,
                position(row),
                row.getInt("part"),
                HistoryEntry.Kind.valueOf(row.getString("kind")),
                row.getString("reason"),
                lineId == null ? null : new LineId(lineId),
                status(row.getString("from_status")),
                status(row.getString("to_status")),
                row.getString("raw"),
                sourceTime == null ? null : sourceTime.toInstant(),
                row.getObject("received_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable LineStatus status(@Nullable String name) {
        return name == null ? null : LineStatus.valueOf(name);
    }
}
