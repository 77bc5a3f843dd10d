package mallstream.order.adapter.in.web;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import mallstream.order.model.HistoryEntry;
import mallstream.order.model.Line;
import mallstream.order.model.LineStatus;
import mallstream.order.model.Order;
import mallstream.order.model.Won;
import org.jspecify.annotations.Nullable;

/** An order as the world sees it; the names are a promise. */
record OrderResponse(
        String mallId,
        String orderNo,
        String channel,
        @Nullable String status,
        @Nullable Instant orderedAt,
        @Nullable Long total,
        List<LineResponse> lines,
        List<HistoryResponse> history) {

    record LineResponse(
            String lineId,
            String status,
            @Nullable String claim,
            @Nullable String productNo,
            @Nullable Integer quantity,
            @Nullable Long unitPrice,
            @Nullable Long amount,
            Instant changedAt) {
        static LineResponse of(Line line) {
            return new LineResponse(
                    line.id().value(),
                    line.status().name(),
                    text(line.claim()),
                    line.goods().productNo(),
                    line.goods().quantity(),
                    won(line.goods().unitPrice()),
                    won(line.goods().amount()),
                    line.version());
        }
    }

    record HistoryResponse(
            String change,
            @Nullable String reason,
            @Nullable String lineId,
            @Nullable String from,
            @Nullable String to,
            String raw,
            String source,
            @Nullable Instant sourceTime,
            Instant receivedAt,
            @Nullable Instant releasedAt) {
        static HistoryResponse of(HistoryEntry entry) {
            return new HistoryResponse(
                    name(entry.kind()),
                    entry.reason(),
                    text(entry.lineId()),
                    text(entry.from()),
                    text(entry.to()),
                    entry.raw(),
                    entry.source().toString(),
                    entry.sourceTime(),
                    entry.receivedAt(),
                    entry.releasedAt());
        }
    }

    static OrderResponse of(Order order, List<HistoryEntry> history) {
        return new OrderResponse(
                order.id().mallId().value(),
                order.id().orderNo().value(),
                name(order.id().channel()),
                order.status().map(LineStatus::name).orElse(null),
                order.purchase().orderedAt(),
                won(order.purchase().total()),
                order.lines().values().stream().map(LineResponse::of).toList(),
                history.stream().map(HistoryResponse::of).toList());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Long won(@Nullable Won won) {
        return won == null ? null : won.value();
    }

    /** As outsiders write it, in small letters. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
