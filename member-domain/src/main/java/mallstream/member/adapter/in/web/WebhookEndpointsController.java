package mallstream.member.adapter.in.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.UUID;
import mallstream.member.application.port.in.ReadWebhookDeliveries;
import mallstream.member.application.port.in.RegisterWebhookEndpoint;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Registers webhook endpoints and shows what was sent to them. */
@RestController
@RequestMapping("/api/malls/{mallId}/webhook-endpoints")
final class WebhookEndpointsController {
    private final RegisterWebhookEndpoint register;
    private final ReadWebhookDeliveries deliveries;

    WebhookEndpointsController(RegisterWebhookEndpoint register, ReadWebhookDeliveries deliveries) {
        this.register = register;
        this.deliveries = deliveries;
    }

    @PostMapping
    ResponseEntity<?> register(
            @PathVariable String mallId,
            @RequestBody EndpointBody body,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        var mall = new MallId(mallId);
        URI url = url(Requests.present("url", body.url()));
        var key = Requests.key(request, idempotencyKey, body.url());
        return Requests.respond(register.register(mall, url, key), result -> switch (result) {
            case Result.Registered registered ->
                ResponseEntity.status(HttpStatus.CREATED)
                        .body(new RegisteredBody(
                                registered.endpoint().id(),
                                registered.endpoint().secret().shown()));
            case Result.AddressNotAllowed refused ->
                Requests.problem(HttpStatus.UNPROCESSABLE_CONTENT, "url: " + refused.why());
        });
    }

    @GetMapping("/{endpointId}/deliveries")
    ResponseEntity<?> deliveries(@PathVariable String mallId, @PathVariable String endpointId) {
        return deliveries
                .read(new MallId(mallId), UuidV7.parse("endpointId", endpointId))
                .<ResponseEntity<?>>map(found -> ResponseEntity.ok(
                        new DeliveriesBody(found.stream().map(DeliveryBody::of).toList())))
                .orElseGet(() -> Requests.problem(HttpStatus.NOT_FOUND, "this mall has no such endpoint"));
    }

    private static URI url(String text) {
        try {
            if (text.length() > 2000) {
                throw new InvalidValue("url", "must have at most 2000 characters");
            }
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new InvalidValue("url", "must be an absolute https address");
        }
    }

    record EndpointBody(@Nullable String url) {}

    record RegisteredBody(UUID endpointId, String secret) {
        @Override
        public String toString() {
            return "RegisteredBody[" + endpointId + "]";
        }
    }

    record DeliveriesBody(List<DeliveryBody> deliveries) {}
}
