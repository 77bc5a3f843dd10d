package mallstream.member.adapter.in.web;

import mallstream.member.model.InvalidValue;
import mallstream.member.model.Unavailable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What the domain throws, as problem details (RFC 9457). */
@RestControllerAdvice(basePackageClasses = MemberProblems.class)
final class MemberProblems {
    @ExceptionHandler
    ProblemDetail invalid(InvalidValue e) {
        var problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, e.getMessage());
        problem.setProperty("field", e.field());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail unavailable(Unavailable e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage() + "; try again later");
    }
}
