package mallstream.order.adapter.in.web;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import mallstream.order.application.port.in.HandInOrder;
import mallstream.order.application.port.in.HandInOrder.HandedIn;
import mallstream.order.application.port.in.HandInOrder.RepeatKey;
import mallstream.order.model.Channel;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.MallId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

@RestController
class ChannelOrderController {
    /** Below the broker's usual bound of 1,048,576 bytes for a record, which counts key and headers too. */
    private static final int LONGEST_BODY = 1_000_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HandInOrder handInOrder;

    ChannelOrderController(HandInOrder handInOrder) {
        this.handInOrder = handInOrder;
    }

    @PostMapping(path = "/api/channels/{channel}/malls/{mallId}/orders", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    void handIn(
            @PathVariable String channel,
            @PathVariable String mallId,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody byte[] body,
            HttpServletRequest request) {
        Channel to = channel(channel);
        MallId mall = new MallId(mallId);
        RepeatKey repeatKey = key == null ? null : repeatKey(key, request);
        switch (handInOrder.handIn(to, mall, jsonObject(body), repeatKey)) {
            case HandedIn.Published published -> {}
            case HandedIn.PublishedBefore before -> {}
            case HandedIn.KeyOfAnotherBody other ->
                throw Problems.of(HttpStatus.UNPROCESSABLE_CONTENT, "This Idempotency-Key was used with another body.");
        }
    }

    private static Channel channel(String name) {
        return switch (name) {
            case "godomall" -> Channel.GODOMALL;
            case "shopby" -> Channel.SHOPBY;
            default -> throw Problems.of(HttpStatus.NOT_FOUND, "The channels are godomall and shopby.");
        };
    }

    private static RepeatKey repeatKey(String key, HttpServletRequest request) {
        Principal caller = request.getUserPrincipal();
        return new RepeatKey(
                caller == null ? "anonymous" : caller.getName(),
                request.getMethod() + " " + request.getRequestURI(),
                key);
    }

    private static byte[] jsonObject(byte[] body) {
        if (body.length > LONGEST_BODY) {
            throw Problems.of(HttpStatus.CONTENT_TOO_LARGE, "An order has at most " + LONGEST_BODY + " bytes.");
        }
        if (!isJsonObject(body)) {
            throw new InvalidValue("body", "must be a JSON object");
        }
        return body;
    }

    private static boolean isJsonObject(byte[] body) {
        try {
            return JSON.readTree(body).isObject();
        } catch (JacksonException notJson) {
            return false;
        }
    }
}
