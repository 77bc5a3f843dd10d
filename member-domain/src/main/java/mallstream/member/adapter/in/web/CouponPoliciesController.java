package mallstream.member.adapter.in.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import mallstream.member.application.port.in.ReadCouponPolicies;
import mallstream.member.application.port.in.SetCouponPolicy;
import mallstream.member.application.port.in.SetCouponPolicy.Terms;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallCouponPolicy;
import mallstream.member.model.MallId;
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

/** Shows and sets the coupon policies of a mall. */
@RestController
@RequestMapping("/api/malls/{mallId}/coupon-policies")
final class CouponPoliciesController {
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    private final ReadCouponPolicies read;
    private final SetCouponPolicy set;

    CouponPoliciesController(ReadCouponPolicies read, SetCouponPolicy set) {
        this.read = read;
        this.set = set;
    }

    @GetMapping
    PoliciesBody inForce(@PathVariable String mallId) {
        return new PoliciesBody(
                read.inForce(new MallId(mallId)).stream().map(TermsBody::of).toList());
    }

    @GetMapping("/{policy}/versions")
    ResponseEntity<?> versions(@PathVariable String mallId, @PathVariable String policy) {
        var mall = new MallId(mallId);
        if (!policy.equals(CouponPolicy.SIGNUP)) {
            return noSuchPolicy();
        }
        return ResponseEntity.ok(new VersionsBody(
                read.versions(mall, policy).stream().map(VersionBody::of).toList()));
    }

    @PostMapping("/{policy}/versions")
    ResponseEntity<?> set(
            @PathVariable String mallId,
            @PathVariable String policy,
            @RequestBody PolicyBody body,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        var mall = new MallId(mallId);
        if (!policy.equals(CouponPolicy.SIGNUP)) {
            return noSuchPolicy();
        }
        var terms = new Terms(
                mall,
                policy,
                new DiscountBody(body.percent(), body.cap(), body.amount()).toDiscount(),
                body.minimumOrder() == null ? 0 : body.minimumOrder(),
                body.daysValidPresent(),
                time("activeFrom", body.activeFrom()),
                time("activeUntil", body.activeUntil()));
        var key = Requests.key(request, idempotencyKey, body.parts());
        return Requests.respond(
                set.set(terms, key),
                version -> ResponseEntity.status(HttpStatus.CREATED).body(VersionBody.of(version)));
    }

    private static ResponseEntity<?> noSuchPolicy() {
        return Requests.problem(HttpStatus.NOT_FOUND, "there is no such policy; known is " + CouponPolicy.SIGNUP);
    }

    private static @Nullable Instant time(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new InvalidValue(field, "must be of the years 2000 to 2099");
            }
            return time;
        } catch (DateTimeParseException e) {
            throw new InvalidValue(field, "must be an ISO 8601 time in UTC, for instance 2026-01-02T03:04:05Z");
        }
    }

    record PolicyBody(
            @Nullable Integer percent,
            @Nullable Long cap,
            @Nullable Long amount,
            @Nullable Long minimumOrder,
            @Nullable Integer daysValid,
            @Nullable String activeFrom,
            @Nullable String activeUntil) {
        int daysValidPresent() {
            if (daysValid == null) {
                throw new InvalidValue("daysValid", "must be present");
            }
            return daysValid;
        }

        @Nullable
        String[] parts() {
            return new @Nullable String[] {
                text(percent), text(cap), text(amount), text(minimumOrder), text(daysValid), activeFrom, activeUntil
            };
        }

        private static @Nullable String text(@Nullable Object value) {
            return value == null ? null : Objects.toString(value);
        }
    }

    record PoliciesBody(List<TermsBody> policies) {}

    record TermsBody(
            String policy, int version, @JsonUnwrapped DiscountBody discount, long minimumOrder, int daysValid) {
        static TermsBody of(CouponPolicy policy) {
            return new TermsBody(
                    policy.code(),
                    policy.version(),
                    DiscountBody.of(policy.discount()),
                    policy.minimumOrder(),
                    policy.daysValid());
        }
    }

    record VersionsBody(List<VersionBody> versions) {}

    record VersionBody(
            @JsonUnwrapped TermsBody terms,
            Instant activeFrom,
            @Nullable Instant activeUntil,
            Instant setAt) {
        static VersionBody of(MallCouponPolicy set) {
            return new VersionBody(TermsBody.of(set.policy()), set.activeFrom(), set.activeUntil(), set.setAt());
        }
    }
}
