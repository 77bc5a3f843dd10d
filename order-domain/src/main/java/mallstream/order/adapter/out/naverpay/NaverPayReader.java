package mallstream.order.adapter.out.naverpay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/** Reads one line of a Naver Pay order: what {@link NaverFeed} put together of the list and the details. */
@Component
class NaverPayReader implements ReadChannelOrder {
    private static final Set<String> KEPT = Set.of(
            "orderId",
            "productOrderId",
            "lastChangedType",
            "lastChangedDate",
            "paymentDate",
            "productOrderStatus",
            "placeOrderStatus",
            "placeOrderDate",
            "claimType",
            "claimStatus",
            "productId",
            "quantity",
            "unitPrice",
            "totalPaymentAmount",
            "deliveryFeeAmount");

    private final VendorJson json;

    NaverPayReader(VendorJson json) {
        this.json = json;
    }

    @Override
    public Channel channel() {
        return Channel.NAVERPAY;
    }

    @Override
    public Set<String> codes() {
        return NaverCodes.ALL;
    }

    @Override
    public Reading read(byte[] body, Instant recordedAt) {
        VendorFields order = json.read(body).orElse(null);
        if (order == null) {
            return new Reading.NotJson();
        }
        VendorFields change = part(order, "change");
        OrderNo orderNo = change.orderNo("orderId");
        if (orderNo == null) {
            return new Reading.NoOrderNumber();
        }
        if (!order.fields().containsKey("detail")) {
            Report unreadable =
                    new Unreadable(change.lineId("productOrderId"), recordedAt, "no-detail", change.keeping(KEPT));
            return new Reading.Read(orderNo, true, Purchase.UNKNOWN, List.of(unreadable));
        }
        VendorFields detail = part(order, "detail");
        VendorFields line = line(change, part(detail, "productOrder"));
        List<Report> reports = new ArrayList<>();
        Report report = report(line, Map.of());
        reports.add(report);
        if (report instanceof Change
                && !line.readable(List.of("quantity"), List.of("unitPrice", "totalPaymentAmount"))) {
            reports.add(new Unreadable(report.lineId(), report.changedAt(), "unreadable-goods", line.keeping(KEPT)));
        }
        // What the order costs in all nobody says: each line has its own amount.
        Purchase purchase = new Purchase(NaverTimes.read(part(detail, "order").text("orderDate")), null);
        return new Reading.Read(orderNo, true, purchase, reports);
    }

    @Override
    public Optional<OrderNo> orderNo(byte[] body) {
        return json.read(body).map(order -> part(order, "change").orderNo("orderId"));
    }

    @Override
    public Report readAgain(Unreadable unreadable, Map<String, Meaning> codes) {
        if (!unreadable.reason().equals("unknown-code")) {
            return unreadable;
        }
        Report again = report(VendorFields.kept(unreadable.raw()), codes);
        return again instanceof Change ? again : unreadable;
    }

    private static VendorFields part(VendorFields parent, String name) {
        return new VendorFields(parent.fields().get(name) instanceof Map<?, ?> map ? map : Map.of());
    }

    /** The line as its details show it, which are newer than the list; the list alone says when and why it changed. */
    private static VendorFields line(VendorFields change, VendorFields productOrder) {
        Map<Object, Object> fields = new LinkedHashMap<>(productOrder.fields());
        for (String name : List.of("orderId", "productOrderId", "lastChangedDate", "lastChangedType")) {
            fields.put(name, change.fields().get(name));
        }
        return new VendorFields(fields);
    }

    private static Report report(VendorFields line, Map<String, Meaning> codes) {
        Instant changedAt = changedAt(line);
        LineId lineId = line.lineId("productOrderId");
        if (lineId == null) {
            return new Unreadable(null, changedAt, "no-line-id", line.keeping(KEPT));
        }
        if (changedAt == null) {
            return new Unreadable(lineId, null, "no-change-time", line.keeping(KEPT));
        }
        String status = line.text("productOrderStatus");
        if (status == null) {
            return new Unreadable(lineId, changedAt, "no-code", line.keeping(KEPT));
        }
        Effect effect = effect(line, status, codes);
        return effect == null
                ? new Unreadable(lineId, changedAt, "unknown-code", line.keeping(KEPT))
                : new Change(lineId, effect, changedAt, goods(line), raw(line, status));
    }

    /** A confirmation alone may not show as a change, so where it is later it tells the time. */
    private static @Nullable Instant changedAt(VendorFields line) {
        Instant changed = NaverTimes.read(line.text("lastChangedDate"));
        Instant confirmed =
                "OK".equals(line.text("placeOrderStatus")) ? NaverTimes.read(line.text("placeOrderDate")) : null;
        return changed != null && confirmed != null && confirmed.isAfter(changed) ? confirmed : changed;
    }

    private static @Nullable Effect effect(VendorFields line, String code, Map<String, Meaning> codes) {
        Claim claim = null;
        if (!line.leavesOut("claimType") || !line.leavesOut("claimStatus")) {
            claim = claim(String.valueOf(line.text("claimType")), String.valueOf(line.text("claimStatus")), codes);
            if (claim == null) {
                return null;
            }
        }
        LineStatus status = NaverCodes.STATUSES.get(code);
        if (status == LineStatus.Live.PAID && !line.leavesOut("placeOrderStatus")) {
            String confirmation = String.valueOf(line.text("placeOrderStatus"));
            status = NaverCodes.CONFIRMATIONS.get(confirmation);
            return status == null ? explained(codes.get(confirmation), claim) : new Effect.Stands(status, claim);
        }
        return status == null ? explained(codes.get(code), claim) : new Effect.Stands(status, claim);
    }

    private static @Nullable Effect explained(@Nullable Meaning meaning, @Nullable Claim claim) {
        return switch (meaning) {
            case null -> null;
            case Meaning.Fulfilment fulfilment -> new Effect.Stands(fulfilment.status(), claim);
            case Meaning.OnClaim onClaim -> new Effect.Claims(onClaim.claim());
        };
    }

    private static @Nullable Claim claim(String type, String status, Map<String, Meaning> codes) {
        Claim.Kind kind = NaverCodes.KINDS.get(type);
        Claim.Stage stage = NaverCodes.STAGES.get(status);
        if (kind != null && stage != null) {
            return new Claim(kind, stage);
        }
        if (!(codes.get(stage == null ? status : type) instanceof Meaning.OnClaim explained)) {
            return null;
        }
        // Who explained a kind had to name a stage as well; how far this claim is Naver says itself.
        return stage == null ? explained.claim() : new Claim(explained.claim().kind(), stage);
    }

    private static Goods goods(VendorFields line) {
        return new Goods(
                line.plain("productId"), line.count("quantity"), line.won("unitPrice"), line.won("totalPaymentAmount"));
    }

    private static String raw(VendorFields line, String status) {
        StringBuilder raw = new StringBuilder(status);
        for (String name : List.of("placeOrderStatus", "claimType", "claimStatus")) {
            String code = line.plain(name);
            if (code != null) {
                raw.append(' ').append(code);
            }
        }
        return raw.toString();
    }
}
