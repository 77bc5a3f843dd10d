package mallstream.member.adapter.in.web;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.function.Function;
import mallstream.member.application.port.in.Answer;
import mallstream.member.application.port.in.Found;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.RequestKey;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** What the controllers of this package read from requests and write to answers alike. */
final class Requests {
    /** Makes a POST that creates safe to repeat for 24 hours. */
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private Requests() {}

    /** The caller's idempotency key over what it asked for, or {@code null} where it sent none. */
    static @Nullable RequestKey key(HttpServletRequest request, @Nullable String key, @Nullable String... asked) {
        if (key == null) {
            return null;
        }
        Principal caller = request.getUserPrincipal();
        return new RequestKey(
                caller == null ? "" : caller.getName(),
                request.getMethod(),
                request.getRequestURI(),
                key,
                RequestKey.hash(asked));
    }

    static String present(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidValue(field, "must be present");
        }
        return value;
    }

    /** Whether the caller may speak for a mall; {@code null} stands for all malls. */
    static boolean mayUse(HttpServletRequest request, @Nullable MallId mall) {
        return request.isUserInRole("ALL_MALLS") || (mall != null && request.isUserInRole("MALL_" + mall.value()));
    }

    static <T> ResponseEntity<?> respond(Answer<T> answer, Function<T, ResponseEntity<?>> given) {
        return switch (answer) {
            case Answer.Given<T> result -> given.apply(result.value());
            case Answer.UsedForAnotherBody<T> ignored ->
                problem(HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency-Key was used for another body");
            case Answer.StillRunning<T> ignored ->
                problem(HttpStatus.CONFLICT, "the first request with this Idempotency-Key has not ended yet");
        };
    }

    static <T> ResponseEntity<?> show(Found<T> found, Function<T, Object> body) {
        return switch (found) {
            case Found.Shown<T> shown -> ResponseEntity.ok(body.apply(shown.value()));
            case Found.Gone<T> ignored -> gone();
            case Found.Absent<T> ignored -> noSuchMember();
        };
    }

    /** 410 and not 404: a caller that knew the member is told to forget it. The time is nobody's business. */
    static ResponseEntity<?> gone() {
        return problem(HttpStatus.GONE, "this member has withdrawn");
    }

    static ResponseEntity<?> noSuchMember() {
        return problem(HttpStatus.NOT_FOUND, "this mall has no such member");
    }

    static ResponseEntity<?> problem(HttpStatus status, String detail) {
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, detail))
                .build();
    }
}
