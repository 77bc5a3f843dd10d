package mallstream.bootstrap;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/**
 * Problem details for what Spring MVC itself refuses; what a domain refuses is its own advice's. Nothing here repeats
 * what the caller sent.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class Problems extends ResponseEntityExceptionHandler {
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyLimit.TooLarge tooLarge) {
                return handleExceptionInternal(
                        tooLarge, tooLarge.getBody(), headers, tooLarge.getStatusCode(), request);
            }
        }
        ErrorResponseException wrong =
                failure.getCause() instanceof JacksonException json ? StrictJson.wrongValue(json) : null;
        ProblemDetail problem = wrong == null
                ? ProblemDetail.forStatusAndDetail(status, "The body is missing or is not JSON.")
                : wrong.getBody();
        return handleExceptionInternal(failure, problem, headers, status, request);
    }

    /** Spring's own words repeat the path. */
    @Override
    protected @Nullable ResponseEntity<Object> handleNoHandlerFoundException(
            NoHandlerFoundException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, Problem.words(status.value()));
        return handleExceptionInternal(failure, problem, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = failure instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : failure.getPropertyName();
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(status, (name == null ? "a value" : name) + " has the wrong form");
        return handleExceptionInternal(failure, problem, headers, status, request);
    }
}
