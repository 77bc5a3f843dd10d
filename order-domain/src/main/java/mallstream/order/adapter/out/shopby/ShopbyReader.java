package mallstream.order.adapter.out.shopby;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.VendorFields;
import mallstream.order.model.Change;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Channel;
import mallstream.order.model.Claim;
import mallstream.order.model.LineId;
import mallstream.order.model.LineStatus;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a Shopby order. The lines are the product options, three levels down
 * ({@code deliveryGroups[].orderProducts[].orderProductOptions[]}), each with status, claim and change time.
 */
@Component
class ShopbyReader implements ReadChannelOrder {
    /** Settings of the web layer must not change how a vendor is read, hence a mapper without any. */
    private static final JsonMapper JSON = JsonMapper.shared();

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

    @Override
    public Channel channel() {
        return Channel.SHOPBY;
    }

    @Override
    public Reading read(byte[] body, Instant recordedAt) {
        Object json;
        try {
            json = JSON.readValue(body, Object.class);
        } catch (JacksonException notJson) {
            return new Reading.NotJson();
        }
        if (!(json instanceof Map<?, ?> map)) {
            return new Reading.NoOrderNumber();
        }
        VendorFields order = new VendorFields(map);
        OrderNo orderNo = order.orderNo("orderNo");
        if (orderNo == null) {
            return new Reading.NoOrderNumber();
        }
        return new Reading.Read(orderNo, reports(order, DOWN_TO_LINES).toList());
    }

    private static Stream<Report> reports(VendorFields parent, List<String> path) {
        if (path.isEmpty()) {
            return Stream.of(report(parent));
        }
        List<VendorFields> children = parent.objects(path.getFirst());
        return children.isEmpty()
                ? Stream.of(unreadable(null, null, "no-lines", parent))
                : children.stream().flatMap(child -> reports(child, path.subList(1, path.size())));
    }

    private static Report report(VendorFields line) {
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
        Effect effect = effect(status, claim);
        return effect == null
                ? unreadable(lineId, changedAt, "unknown-code", line)
                : new Change(lineId, effect, changedAt, claim == null ? status : status + " " + claim);
    }

    private static @Nullable Effect effect(String statusType, @Nullable String claimType) {
        Claim claim = claimType == null ? null : ShopbyCodes.CLAIMS.get(claimType);
        if (claimType != null && claim == null) {
            return null;
        }
        LineStatus status = ShopbyCodes.STATUSES.get(statusType);
        if (status != null) {
            return new Effect.Stands(status, claim);
        }
        Claim ofStatus = ShopbyCodes.STATUSES_OF_CLAIMS.get(statusType);
        return ofStatus == null ? null : new Effect.Claims(ofStatus);
    }

    private static Unreadable unreadable(
            @Nullable LineId lineId, @Nullable Instant changedAt, String reason, VendorFields line) {
        return new Unreadable(lineId, changedAt, reason, line.keeping(KEPT));
    }
}
