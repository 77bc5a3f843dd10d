package mallstream.order.adapter.out.godomall;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mallstream.order.application.port.out.ReadChannelOrder;
import mallstream.order.application.port.out.VendorFields;
import mallstream.order.model.Change;
import mallstream.order.model.Change.Effect;
import mallstream.order.model.Channel;
import mallstream.order.model.LineId;
import mallstream.order.model.OrderNo;
import mallstream.order.model.Report;
import mallstream.order.model.Unreadable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a Godomall order. The lines stand in {@code orderGoodsData}, each with a code of its own; there is no change
 * time, so the record's stands for it.
 */
@Component
class GodomallReader implements ReadChannelOrder {
    /** Settings of the web layer must not change how a vendor is read, hence a mapper without any. */
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Set<String> KEPT_OF_ORDER =
            Set.of("orderNo", "orderStatus", "orderDate", "orderChannelFl", "settlePrice", "totalGoodsPrice");
    private static final Set<String> KEPT_OF_LINE =
            Set.of("sno", "orderStatus", "paymentDt", "deliveryDt", "goodsNo", "optionSno", "goodsCnt", "goodsPrice");

    @Override
    public Channel channel() {
        return Channel.GODOMALL;
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
        List<VendorFields> lines = order.objects("orderGoodsData");
        return new Reading.Read(
                orderNo,
                lines.isEmpty()
                        ? List.of(new Unreadable(null, recordedAt, "no-lines", order.keeping(KEPT_OF_ORDER)))
                        : lines.stream().map(line -> report(line, recordedAt)).toList());
    }

    private static Report report(VendorFields line, Instant recordedAt) {
        LineId lineId = line.lineId("sno");
        if (lineId == null) {
            return new Unreadable(null, recordedAt, "no-line-id", line.keeping(KEPT_OF_LINE));
        }
        String code = line.text("orderStatus");
        if (code == null) {
            return new Unreadable(lineId, recordedAt, "no-code", line.keeping(KEPT_OF_LINE));
        }
        Effect effect = GodomallCodes.EFFECTS.get(code);
        return effect == null
                ? new Unreadable(lineId, recordedAt, "unknown-code", line.keeping(KEPT_OF_LINE))
                : new Change(lineId, effect, recordedAt, code);
    }
}
