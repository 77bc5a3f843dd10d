package mallstream.member.adapter.in.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import mallstream.member.application.port.in.ManageWebhookEndpoints;
import mallstream.member.application.port.in.ManageWebhookEndpoints.Sent;
import mallstream.member.application.port.in.ReadWebhookDeliveries;
import mallstream.member.application.port.in.RegisterWebhookEndpoint;
import mallstream.member.application.port.in.RegisterWebhookEndpoint.Result;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.RegisteredEndpoint;
import mallstream.member.model.UuidV7;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Registers and manages webhook endpoints, and shows what was sent to them. */
@RestController
@RequestMapping("/api/malls/{mallId}/webhook-endpoints")
final class WebhookEndpointsController {
    private final RegisterWebhookEndpoint register;
    private final ManageWebhookEndpoints manage;
    private final ReadWebhookDeliveries deliveries;
    private final Clock clock;

    WebhookEndpointsController(
            RegisterWebhookEndpoint register,
            ManageWebhookEndpoints manage,
            ReadWebhookDeliveries deliveries,
            Clock clock) {
        this.register = register;
        this.manage = manage;
        this.deliveries = deliveries;
        this.clock = clock;
    }

    @PostMapping
    ResponseEntity<?> register(
            @PathVariable String mallId,
            @RequestBody RegistrationBody body,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        var mall = new MallId(mallId);
        URI url = url(Requests.present("url", body.url()));
        Set<String> types = types(body.types());
        // Without types the hash is that of the jar before this one.
        var key = types.isEmpty()
                ? Requests.key(request, idempotencyKey, body.url())
                : Requests.key(request, idempotencyKey, body.url(), String.join(",", types));
        return Requests.respond(register.register(mall, url, types, key), result -> switch (result) {
            case Result.Registered registered ->
                ResponseEntity.status(HttpStatus.CREATED)
                        .body(new RegisteredBody(
                                registered.endpoint().id(),
                                registered.endpoint().secret().shown()));
            case Result.AddressNotAllowed refused ->
                Requests.problem(HttpStatus.UNPROCESSABLE_CONTENT, "url: " + refused.why());
            case Result.UnknownType unknown ->
                Requests.problem(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "types: must be of " + String.join(", ", new TreeSet<>(unknown.known())));
            case Result.Deleted ignored -> noSuchEndpoint();
        });
    }

    @GetMapping
    EndpointsBody list(@PathVariable String mallId) {
        Instant now = clock.instant();
        return new EndpointsBody(manage.list(new MallId(mallId)).stream()
                .map(endpoint -> EndpointBody.of(endpoint, now))
                .toList());
    }

    @GetMapping("/{endpointId}")
    ResponseEntity<?> read(@PathVariable String mallId, @PathVariable String endpointId) {
        return shown(manage.read(new MallId(mallId), id(endpointId)));
    }

    @DeleteMapping("/{endpointId}")
    ResponseEntity<?> delete(@PathVariable String mallId, @PathVariable String endpointId) {
        return manage.delete(new MallId(mallId), id(endpointId))
                ? ResponseEntity.noContent().build()
                : noSuchEndpoint();
    }

    @PostMapping("/{endpointId}/enable")
    ResponseEntity<?> enable(@PathVariable String mallId, @PathVariable String endpointId) {
        return shown(manage.enable(new MallId(mallId), id(endpointId)));
    }

    @PostMapping("/{endpointId}/disable")
    ResponseEntity<?> disable(@PathVariable String mallId, @PathVariable String endpointId) {
        return shown(manage.disable(new MallId(mallId), id(endpointId)));
    }

    @PostMapping("/{endpointId}/rotate-secret")
    ResponseEntity<?> rotate(
            @PathVariable String mallId,
            @PathVariable String endpointId,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        var key = Requests.key(request, idempotencyKey);
        return Requests.respond(
                manage.rotate(new MallId(mallId), id(endpointId), key),
                rotated -> rotated.<ResponseEntity<?>>map(done ->
                                ResponseEntity.ok(new RotatedBody(done.secret().shown(), done.bothUntil())))
                        .orElseGet(WebhookEndpointsController::noSuchEndpoint));
    }

    @PostMapping("/{endpointId}/test")
    ResponseEntity<?> test(
            @PathVariable String mallId,
            @PathVariable String endpointId,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        var key = Requests.key(request, idempotencyKey);
        return Requests.respond(
                manage.test(new MallId(mallId), id(endpointId), key), sent -> sent(sent, HttpStatus.CREATED));
    }

    @GetMapping("/{endpointId}/deliveries")
    ResponseEntity<?> deliveries(@PathVariable String mallId, @PathVariable String endpointId) {
        return deliveries
                .read(new MallId(mallId), id(endpointId))
                .<ResponseEntity<?>>map(found -> ResponseEntity.ok(
                        new DeliveriesBody(found.stream().map(DeliveryBody::of).toList())))
                .orElseGet(WebhookEndpointsController::noSuchEndpoint);
    }

    @PostMapping("/{endpointId}/deliveries/{deliveryId}/redeliver")
    ResponseEntity<?> redeliver(
            @PathVariable String mallId, @PathVariable String endpointId, @PathVariable String deliveryId) {
        var delivery = UuidV7.parse("deliveryId", deliveryId);
        return sent(manage.redeliver(new MallId(mallId), id(endpointId), delivery), HttpStatus.ACCEPTED);
    }

    @PostMapping("/{endpointId}/redeliver-failed")
    ResponseEntity<?> redeliverFailed(
            @PathVariable String mallId, @PathVariable String endpointId, @RequestBody SinceBody body) {
        Instant since = time(Requests.present("since", body.since()));
        return sent(manage.redeliverFailed(new MallId(mallId), id(endpointId), since), HttpStatus.ACCEPTED);
    }

    private ResponseEntity<?> shown(Optional<RegisteredEndpoint> endpoint) {
        return endpoint.<ResponseEntity<?>>map(found -> ResponseEntity.ok(EndpointBody.of(found, clock.instant())))
                .orElseGet(WebhookEndpointsController::noSuchEndpoint);
    }

    private static ResponseEntity<?> sent(Sent sent, HttpStatus done) {
        return switch (sent) {
            case Sent.One one -> ResponseEntity.status(done).body(new DueBody(one.deliveryId()));
            case Sent.Many many -> ResponseEntity.status(done).body(new ManyDueBody(many.count()));
            case Sent.NoSuchEndpoint ignored -> noSuchEndpoint();
            case Sent.NoSuchDelivery ignored ->
                Requests.problem(HttpStatus.NOT_FOUND, "this endpoint has no such delivery");
            case Sent.EndpointDisabled ignored ->
                Requests.problem(HttpStatus.CONFLICT, "this endpoint is disabled; enable it first");
        };
    }

    private static ResponseEntity<?> noSuchEndpoint() {
        return Requests.problem(HttpStatus.NOT_FOUND, "this mall has no such endpoint");
    }

    private static UUID id(String endpointId) {
        return UuidV7.parse("endpointId", endpointId);
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

    private static Set<String> types(@Nullable List<@Nullable String> types) {
        if (types == null) {
            return Set.of();
        }
        if (types.isEmpty()) {
            throw new InvalidValue("types", "must name a type, or be left out for all");
        }
        var sorted = new TreeSet<String>();
        types.forEach(type -> sorted.add(Requests.present("types", type)));
        return sorted;
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new InvalidValue("since", "must be a time such as 2026-01-02T03:04:05Z");
        }
    }

    record RegistrationBody(@Nullable String url, @Nullable List<@Nullable String> types) {}

    record SinceBody(@Nullable String since) {}

    record RegisteredBody(UUID endpointId, String secret) {
        @Override
        public String toString() {
            return "RegisteredBody[" + endpointId + "]";
        }
    }

    record RotatedBody(String secret, Instant bothSecretsUntil) {
        @Override
        public String toString() {
            return "RotatedBody[hidden]";
        }
    }

    record EndpointsBody(List<EndpointBody> endpoints) {}

    record DeliveriesBody(List<DeliveryBody> deliveries) {}

    record DueBody(UUID deliveryId) {}

    record ManyDueBody(int deliveries) {}
}
