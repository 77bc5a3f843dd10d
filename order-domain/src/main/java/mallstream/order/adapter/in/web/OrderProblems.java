package mallstream.order.adapter.in.web;

import mallstream.order.model.InvalidValue;
import mallstream.order.model.Unavailable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice(assignableTypes = {ChannelOrderController.class, OrderController.class})
class OrderProblems {
    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidValue invalid) {
        ErrorResponseException problem = Problems.of(HttpStatus.BAD_REQUEST, String.valueOf(invalid.getMessage()));
        problem.getBody().setProperty("field", invalid.field());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(Unavailable unavailable) {
        return answer(Problems.of(HttpStatus.SERVICE_UNAVAILABLE, unavailable.getMessage() + ". Try again later."));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> answer(ErrorResponseException problem) {
        return ResponseEntity.status(problem.getStatusCode())
                .headers(problem.getHeaders())
                .body(problem.getBody());
    }
}
