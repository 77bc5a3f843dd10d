package mallstream.order.adapter.out.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Channel;
import mallstream.order.model.Claim;
import mallstream.order.model.Goods;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.ParkedChange;
import mallstream.order.model.Position;
import mallstream.order.model.Purchase;
import mallstream.order.model.Won;
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

    static Purchase purchase(ResultSet row) throws SQLException {
        return new Purchase(instant(row, "ordered_at"), won(row, "total"));
    }

    static Line line(ResultSet row) throws SQLException {
        String kind = row.getString("claim_kind");
        return new Line(
                new LineId(row.getString("line_id")),
                LineStatus.of(row.getString("status")),
                kind == null
                        ? null
                        : new Claim(Claim.Kind.valueOf(kind), Claim.Stage.valueOf(row.getString("claim_stage"))),
                row.getBoolean("return_claimed"),
                new Goods(
                        row.getString("product_no"),
                        row.getObject("quantity", Integer.class),
                        won(row, "unit_price"),
                        won(row, "amount")),
                row.getObject("version", OffsetDateTime.class).toInstant());
    }

    static HistoryEntry historyEntry(OrderId order, ResultSet row) throws SQLException {
        String lineId = row.getString("line_id");
        return new HistoryEntry(
                order,
                position(row),
                row.getInt("part"),
                HistoryEntry.Kind.valueOf(row.getString("kind")),
                row.getString("reason"),
                lineId == null ? null : new LineId(lineId),
                status(row.getString("from_status")),
                status(row.getString("to_status")),
                effect(row.getString("says")),
                row.getString("raw"),
                instant(row, "source_time"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(),
                instant(row, "released_at"));
    }

    static ParkedChange parked(ResultSet row) throws SQLException {
        return new ParkedChange(row.getLong("id"), historyEntry(orderId(row), row));
    }

    /** An effect as text: {@code stands PAID}, {@code stands PAID CANCEL_REQUESTED}, {@code claims RETURN_HELD}, {@code refunds}. */
    static @Nullable String text(@Nullable Effect effect) {
        return switch (effect) {
            case null -> null;
            case Effect.Stands stands ->
                "stands " + stands.status() + (stands.claim() == null ? "" : " " + stands.claim());
            case Effect.Claims claims -> "claims " + claims.claim();
            case Effect.Refunds refunds -> "refunds";
        };
    }

    private static @Nullable Effect effect(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String[] words = text.split(" ", -1);
        return switch (words[0]) {
            case "stands" -> new Effect.Stands(LineStatus.of(words[1]), words.length == 2 ? null : Claim.of(words[2]));
            case "claims" -> new Effect.Claims(Claim.of(words[1]));
            case "refunds" -> new Effect.Refunds();
            default -> throw new IllegalStateException("orders.history.says holds an effect of a newer version");
        };
    }

    private static @Nullable LineStatus status(@Nullable String name) {
        return name == null ? null : LineStatus.of(name);
    }

    private static @Nullable Won won(ResultSet row, String column) throws SQLException {
        Long value = row.getObject(column, Long.class);
        return value == null ? null : new Won(value);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
