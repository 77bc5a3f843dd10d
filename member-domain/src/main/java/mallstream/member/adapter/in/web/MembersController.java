package mallstream.member.adapter.in.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import mallstream.member.application.port.in.ReadMember;
import mallstream.member.application.port.in.RefuseNotices;
import mallstream.member.application.port.in.SignUpMember;
import mallstream.member.application.port.in.SignUpMember.Result;
import mallstream.member.application.port.in.SignUpMember.SignUp;
import mallstream.member.application.port.in.WithdrawMember;
import mallstream.member.model.Coupon;
import mallstream.member.model.CouponPolicy;
import mallstream.member.model.EmailAddress;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.LoginId;
import mallstream.member.model.MallId;
import mallstream.member.model.Member;
import mallstream.member.model.MemberId;
import mallstream.member.model.PersonName;
import mallstream.member.model.PhoneNumber;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Signs members up, shows them, notes and shows who wants no notices, and lets them leave. */
@RestController
@RequestMapping("/api/malls/{mallId}/members")
final class MembersController {
    private final SignUpMember signUp;
    private final ReadMember read;
    private final WithdrawMember withdraw;
    private final RefuseNotices notices;

    MembersController(SignUpMember signUp, ReadMember read, WithdrawMember withdraw, RefuseNotices notices) {
        this.signUp = signUp;
        this.read = read;
        this.withdraw = withdraw;
        this.notices = notices;
    }

    @PostMapping
    ResponseEntity<?> signUp(
            @PathVariable String mallId,
            @RequestBody SignUpBody body,
            @RequestHeader(name = Requests.IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey,
            HttpServletRequest request) {
        var wanted = new SignUp(
                new MallId(mallId),
                new LoginId(Requests.present("loginId", body.loginId())),
                new PersonName(Requests.present("name", body.name())),
                new EmailAddress(Requests.present("email", body.email())),
                new PhoneNumber(Requests.present("phone", body.phone())));
        var key = Requests.key(request, idempotencyKey, body.loginId(), body.name(), body.email(), body.phone());
        return Requests.respond(signUp.signUp(wanted, key), result -> switch (result) {
            case Result.SignedUp signedUp ->
                ResponseEntity.status(HttpStatus.CREATED)
                        .body(new SignedUpBody(signedUp.memberId().value()));
            case Result.LoginIdTaken ignored -> Requests.problem(HttpStatus.CONFLICT, "loginId: is taken in this mall");
        });
    }

    @GetMapping("/{memberId}")
    ResponseEntity<?> read(@PathVariable String mallId, @PathVariable String memberId) {
        var key = new Member.Key(new MallId(mallId), MemberId.parse(memberId));
        return Requests.show(read.read(key), MemberBody::of);
    }

    /** A DELETE, and so safe to repeat without an Idempotency-Key: who has left stays away, and the answer is the same. */
    @DeleteMapping("/{memberId}")
    ResponseEntity<?> withdraw(@PathVariable String mallId, @PathVariable String memberId) {
        var key = new Member.Key(new MallId(mallId), MemberId.parse(memberId));
        return switch (withdraw.withdraw(key)) {
            case WITHDRAWN, ALREADY_WITHDRAWN -> ResponseEntity.noContent().build();
            case NO_SUCH_MEMBER -> Requests.noSuchMember();
        };
    }

    @PutMapping("/{memberId}/notices")
    ResponseEntity<?> refuseNotices(
            @PathVariable String mallId, @PathVariable String memberId, @RequestBody NoticesBody body) {
        var key = new Member.Key(new MallId(mallId), MemberId.parse(memberId));
        Boolean refused = body.refused();
        if (refused == null) {
            throw new InvalidValue("refused", "must be present");
        }
        return switch (notices.refuse(key, refused)) {
            case NOTED -> ResponseEntity.noContent().build();
            case WITHDRAWN -> Requests.gone();
            case NO_SUCH_MEMBER -> Requests.noSuchMember();
        };
    }

    @GetMapping("/{memberId}/notices")
    ResponseEntity<?> refusesNotices(@PathVariable String mallId, @PathVariable String memberId) {
        var key = new Member.Key(new MallId(mallId), MemberId.parse(memberId));
        return Requests.show(notices.refused(key), NoticesBody::new);
    }

    record NoticesBody(@Nullable Boolean refused) {}

    record SignUpBody(
            @Nullable String loginId,
            @Nullable String name,
            @Nullable String email,
            @Nullable String phone) {
        @Override
        public String toString() {
            return "SignUpBody[masked]";
        }
    }

    record SignedUpBody(UUID memberId) {}

    record MemberBody(
            UUID memberId,
            String loginId,
            String name,
            String email,
            String phone,
            Instant signedUpAt,
            List<CouponBody> coupons,
            PointsBody points,
            List<DeliveryBody> webhooks) {
        static MemberBody of(ReadMember.View view) {
            Member member = view.member();
            return new MemberBody(
                    member.id().value(),
                    member.loginId().value(),
                    member.name().masked(),
                    member.email().masked(),
                    member.phone().masked(),
                    member.signedUpAt(),
                    view.coupons().stream().map(CouponBody::of).toList(),
                    PointsBody.of(view.balance(), view.lots()),
                    view.webhooks().stream().map(DeliveryBody::of).toList());
        }
    }

    record CouponBody(
            UUID couponId,
            String policy,
            int version,
            @JsonUnwrapped DiscountBody discount,
            long minimumOrder,
            String state,
            Instant issuedAt,
            Instant expiresAt) {
        static CouponBody of(Coupon coupon) {
            Coupon.Issued issued = coupon.issued();
            String state = switch (coupon) {
                case Coupon.Issued ignored -> "issued";
                case Coupon.Expired ignored -> "expired";
            };
            CouponPolicy policy = issued.policy();
            return new CouponBody(
                    issued.id(),
                    policy.code(),
                    policy.version(),
                    DiscountBody.of(policy.discount()),
                    policy.minimumOrder(),
                    state,
                    issued.issuedAt(),
                    issued.expiresAt());
        }
    }
}
