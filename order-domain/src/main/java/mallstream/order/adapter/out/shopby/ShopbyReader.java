package mallstream.order.adapter.out.shopby;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.VendorFields;
import mallstream.order.application.port.out.VendorJson;
import mallstream.order.model.Change;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Channel;
import mallstream.order.model.Claim;
import mallstream.order.model.Goods;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
import mallstream.order.model.Meaning;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Purchase;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads a Shopby order. The lines are the product options, three levels down
 * ({@code deliveryGroups[].orderProducts[].orderProductOptions[]}), each with status, claim and change time.
 */
@Component
class ShopbyReader implements ReadChannelOrder {
    private static final String UNREADABLE_GOODS = "unreadable-goods";
    private static final List<String> DOWN_TO_LINES = List.of("deliveryGroups", "orderProducts", "orderProductOptions");
    private static final Set<String> KEPT = Set.of(
            "orderNo",
            "mallNo",
            "orderYmdt",
            "payType",
            "currencyCode",
            "firstPayAmt",
            "lastPayAmt",
            "deliveryNo",
            "orderProductNo",
            "mallProductNo",
            "orderProductOptionNo",
            "orderStatusType",
            "claimStatusType",
            "claimNo",
            "orderCnt",
            "salePrice",
            "adjustedAmt",
            "payYmdt",
            "statusChangeYmdt");

    private final VendorJson json;

    ShopbyReader(VendorJson json) {
        this.json = json;
    }

    @Override
    public Channel channel() {
        return Channel.SHOPBY;
    }

    @Override
    public Set<String> codes() {
        return ShopbyCodes.ALL;
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
        boolean naverPay = "NAVER_PAY".equals(order.text("payType"));
        Purchase purchase =
                new Purchase(ShopbyTimes.read(order.text("orderYmdt")), inWon(order) ? order.won("lastPayAmt") : null);
        List<Report> reports = new ArrayList<>();
        read(order, DOWN_TO_LINES, inWon(order), reports);
        if (!inWon(order)
                || !order.readable(List.of(), List.of("lastPayAmt"))
                || (purchase.orderedAt() == null && !order.leavesOut("orderYmdt"))) {
            reports.add(unreadable(null, newest(reports), "unreadable-purchase", order));
        }
        return new Reading.Read(orderNo, naverPay, purchase, reports);
    }

    /** Amounts in another currency are none that can be kept. */
    private static boolean inWon(VendorFields order) {
        return order.leavesOut("currencyCode") || "KRW".equals(order.text("currencyCode"));
    }

    private static @Nullable Instant newest(List<Report> reports) {
        return reports.stream()
                .map(Report::changedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
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
        Report again = report(line, null, true, codes);
        return again instanceof Change ? again : unreadable;
    }

    private static void read(VendorFields parent, List<String> path, boolean inWon, List<Report> reports) {
        List<VendorFields> children = parent.objects(path.getFirst());
        if (children.isEmpty()) {
            reports.add(unreadable(null, null, "no-lines", parent));
        }
        for (VendorFields child : children) {
            if (path.size() > 1) {
                read(child, path.subList(1, path.size()), inWon, reports);
                continue;
            }
            Report report = report(child, parent.plain("mallProductNo"), inWon, Map.of());
            reports.add(report);
            if (report instanceof Change && !goodsAreReadable(child)) {
                reports.add(unreadable(report.lineId(), report.changedAt(), UNREADABLE_GOODS, child));
            }
        }
    }

    private static Report report(
            VendorFields line, @Nullable String productNo, boolean inWon, Map<String, Meaning> codes) {
        Instant changedAt = ShopbyTimes.read(line.text("statusChangeYmdt"));
        LineId lineId = line.lineId("orderProductOptionNo");
        if (lineId == null) {
            return unreadable(null, changedAt, "no-line-id", line);
        }
        if (changedAt == null) {
            // The record's time is no stand-in: it is later than the change, and would make the next true one stale.
            return unreadable(lineId, null, "no-change-time", line);
        }
        String status = line.text("orderStatusType");
        if (status == null) {
            return unreadable(lineId, changedAt, "no-code", line);
        }
        String claim = line.leavesOut("claimStatusType") ? null : String.valueOf(line.text("claimStatusType"));
        Effect effect = effect(status, claim, codes);
        return effect == null
                ? unreadable(lineId, changedAt, "unknown-code", line)
                : new Change(
                        lineId,
                        effect,
                        changedAt,
                        goods(line, productNo, inWon),
                        claim == null ? status : status + " " + claim);
    }

    private static boolean goodsAreReadable(VendorFields line) {
        return line.readable(List.of("orderCnt"), List.of("salePrice", "adjustedAmt"));
    }

    private static Goods goods(VendorFields line, @Nullable String productNo, boolean inWon) {
        return new Goods(
                productNo,
                line.count("orderCnt"),
                inWon ? line.won("salePrice") : null,
                inWon ? line.won("adjustedAmt") : null);
    }

    private static @Nullable Effect effect(String statusType, @Nullable String claimType, Map<String, Meaning> codes) {
        Claim claim = claimType == null ? null : claim(claimType, codes);
        if (claimType != null && claim == null) {
            return null;
        }
        return switch (meaning(statusType, codes)) {
            case null -> null;
            case Meaning.Fulfilment fulfilment -> new Effect.Stands(fulfilment.status(), claim);
            case Meaning.OnClaim onClaim -> new Effect.Claims(onClaim.claim());
        };
    }

    private static @Nullable Claim claim(String claimType, Map<String, Meaning> codes) {
        Claim known = ShopbyCodes.CLAIMS.get(claimType);
        return known == null && codes.get(claimType) instanceof Meaning.OnClaim onClaim ? onClaim.claim() : known;
    }

    private static @Nullable Meaning meaning(String statusType, Map<String, Meaning> codes) {
        LineStatus status = ShopbyCodes.STATUSES.get(statusType);
        if (status != null) {
            return new Meaning.Fulfilment(status);
        }
        Claim claim = ShopbyCodes.STATUSES_OF_CLAIMS.get(statusType);
        return claim == null ? codes.get(statusType) : new Meaning.OnClaim(claim);
    }

    private static Unreadable unreadable(
            @Nullable LineId lineId, @Nullable Instant changedAt, String reason, VendorFields line) {
        return new Unreadable(lineId, changedAt, reason, line.keeping(KEPT));
    }
}
