package mallstream.order.adapter.out.godomall;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.VendorFields;
import mallstream.order.application.port.out.VendorJson;
import mallstream.order.model.Change;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Channel;
import mallstream.order.model.Goods;
import mallstream.order.model.LineId;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads a Godomall order. The lines stand in {@code orderGoodsData}, each with a code of its own; there is no change
 * time, so the record's stands for it.
 */
@Component
class GodomallReader implements ReadChannelOrder {
    private static final ZoneId KOREA = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    private static final String UNREADABLE_GOODS = "unreadable-goods";
    private static final Set<String> KEPT_OF_ORDER =
            Set.of("orderNo", "orderStatus", "orderDate", "orderChannelFl", "settlePrice", "totalGoodsPrice");
    private static final Set<String> KEPT_OF_LINE =
            Set.of("sno", "orderStatus", "paymentDt", "deliveryDt", "goodsNo", "optionSno", "goodsCnt", "goodsPrice");

    private final VendorJson json;

    GodomallReader(VendorJson json) {
        this.json = json;
    }

    @Override
    public Channel channel() {
        return Channel.GODOMALL;
    }

    @Override
    public Set<String> codes() {
        return GodomallCodes.EFFECTS.keySet();
    }

    @Override
    public Reading read(byte[] body, Instant recordedAt) {
        VendorFields order = json.read(body).orElse(null);
        if (order == null) {
            return new Reading.NotJson();
        }
        OrderNo orderNo = order.orderNo("orderNo");
        if (orderNo == null) {
            return new Reading.NoOrderNumber();
        }
        boolean naverPay = "naverpay".equals(order.text("orderChannelFl"));
        Purchase purchase = new Purchase(time(order.text("orderDate")), order.won("settlePrice"));
        return new Reading.Read(
                orderNo, naverPay, purchase, reports(order, purchase, VendorFields.keepable(recordedAt)));
    }

    private static List<Report> reports(VendorFields order, Purchase purchase, @Nullable Instant recordedAt) {
        List<Report> reports = new ArrayList<>();
        for (VendorFields line : order.objects("orderGoodsData")) {
            Report report = report(line, recordedAt, Map.of());
            reports.add(report);
            if (report instanceof Change && !goodsAreReadable(line)) {
                reports.add(new Unreadable(report.lineId(), recordedAt, UNREADABLE_GOODS, line.keeping(KEPT_OF_LINE)));
            }
        }
        if (reports.isEmpty()) {
            reports.add(new Unreadable(null, recordedAt, "no-lines", order.keeping(KEPT_OF_ORDER)));
        } else if (!order.readable(List.of(), List.of("settlePrice"))
                || (purchase.orderedAt() == null && !order.leavesOut("orderDate"))) {
            reports.add(new Unreadable(null, recordedAt, "unreadable-purchase", order.keeping(KEPT_OF_ORDER)));
        }
        return reports;
    }

    @Override
    public Optional<OrderNo> orderNo(byte[] body) {
        return json.orderNo(body, "orderNo");
    }

    @Override
    public Report readAgain(Unreadable unreadable, Map<String, Meaning> codes) {
        VendorFields line = VendorFields.kept(unreadable.raw());
        if (unreadable.reason().equals(UNREADABLE_GOODS) && !goodsAreReadable(line)) {
            return unreadable;
        }
        Report again = report(line, unreadable.changedAt(), codes);
        return again instanceof Change ? again : unreadable;
    }

    private static Report report(VendorFields line, @Nullable Instant changedAt, Map<String, Meaning> codes) {
        LineId lineId = line.lineId("sno");
        if (lineId == null) {
            return new Unreadable(null, changedAt, "no-line-id", line.keeping(KEPT_OF_LINE));
        }
        if (changedAt == null) {
            return new Unreadable(lineId, null, "no-change-time", line.keeping(KEPT_OF_LINE));
        }
        String code = line.text("orderStatus");
        if (code == null) {
            return new Unreadable(lineId, changedAt, "no-code", line.keeping(KEPT_OF_LINE));
        }
        Effect effect = effect(code, codes);
        return effect == null
                ? new Unreadable(lineId, changedAt, "unknown-code", line.keeping(KEPT_OF_LINE))
                : new Change(lineId, effect, changedAt, goods(line), code);
    }

    private static @Nullable Effect effect(String code, Map<String, Meaning> codes) {
        Effect known = GodomallCodes.EFFECTS.get(code);
        Meaning meaning = codes.get(code);
        if (known != null || meaning == null) {
            return known;
        }
        return switch (meaning) {
            case Meaning.Fulfilment fulfilment -> new Effect.Stands(fulfilment.status(), null);
            case Meaning.OnClaim onClaim -> new Effect.Claims(onClaim.claim());
        };
    }

    private static boolean goodsAreReadable(VendorFields line) {
        return line.readable(List.of("goodsCnt"), List.of("goodsPrice"));
    }

    private static Goods goods(VendorFields line) {
        return new Goods(line.plain("goodsNo"), line.count("goodsCnt"), line.won("goodsPrice"), null);
    }

    /** Godomall's times are Korean; {@code null} if the text is none or cannot be kept. */
    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null
                    ? null
                    : VendorFields.keepable(
                            LocalDateTime.parse(text, TIME).atZone(KOREA).toInstant());
        } catch (DateTimeParseException none) {
            return null;
        }
    }
}
