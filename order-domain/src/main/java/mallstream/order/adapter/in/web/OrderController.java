package mallstream.order.adapter.in.web;

import java.util.List;
import mallstream.order.application.port.in.ReadOrder;
import mallstream.order.application.port.in.ReadOrder.Found;
import mallstream.order.model.Channel;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderNo;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {
    private final ReadOrder readOrder;

    OrderController(ReadOrder readOrder) {
        this.readOrder = readOrder;
    }

    @GetMapping("/api/malls/{mallId}/orders/{orderNo}")
    OrderResponse order(
            @PathVariable String mallId,
            @PathVariable String orderNo,
            @RequestParam(required = false) @Nullable String channel) {
        return switch (readOrder.read(new MallId(mallId), new OrderNo(orderNo), channel(channel))) {
            case Found.One one -> OrderResponse.of(one.order(), one.history());
            case Found.None none -> throw Problems.of(HttpStatus.NOT_FOUND, "This mall has no such order.");
            case Found.Several several -> throw several(several.channels());
        };
    }

    private static @Nullable Channel channel(@Nullable String name) {
        if (name == null) {
            return null;
        }
        for (Channel channel : Channel.values()) {
            if (OrderResponse.name(channel).equals(name)) {
                return channel;
            }
        }
        throw new InvalidValue("channel", "must be godomall, shopby or naverpay");
    }

    private static ErrorResponseException several(List<Channel> channels) {
        ErrorResponseException problem = Problems.of(
                HttpStatus.CONFLICT, "Several channels of this mall have that order number: say which by ?channel=.");
        problem.getBody()
                .setProperty(
                        "channels", channels.stream().map(OrderResponse::name).toList());
        return problem;
    }
}
