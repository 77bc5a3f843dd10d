package mallstream.order.adapter.in.web;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineStatus;
import mallstream.order.model.Order;
import org.jspecify.annotations.Nullable;

/** An order as the world sees it; the names are a promise. */
record OrderResponse(
        String mallId,
        String orderNo,
        String channel,
        @Nullable LineStatus status,
        List<LineResponse> lines,
        List<HistoryResponse> history) {

    record LineResponse(
            String lineId, LineStatus status, @Nullable String claim, Instant changedAt) {
        static LineResponse of(Line line) {
            return new LineResponse(line.id().value(), line.status(), text(line.claim()), line.version());
        }
    }

    record HistoryResponse(
            String change,
            @Nullable String reason,
            @Nullable String lineId,
            @Nullable LineStatus from,
            @Nullable LineStatus to,
            String raw,
            String source,
            @Nullable Instant sourceTime,
            Instant receivedAt) {
        static HistoryResponse of(HistoryEntry entry) {
            return new HistoryResponse(
                    name(entry.kind()),
                    entry.reason(),
                    text(entry.lineId()),
                    entry.from(),
                    entry.to(),
                    entry.raw(),
                    entry.source().toString(),
                    entry.sourceTime(),
                    entry.receivedAt());
        }
    }

    static OrderResponse of(Order order, List<HistoryEntry> history) {
        return new OrderResponse(
                order.id().mallId().value(),
                order.id().orderNo().value(),
                name(order.id().channel()),
                order.status().orElse(null),
                order.lines().values().stream().map(LineResponse::of).toList(),
                history.stream().map(HistoryResponse::of).toList());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** As outsiders write it, in small letters. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
