package mallstream.bootstrap;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import mallstream.kafka.consume.ConsumerControl;
import mallstream.kafka.consume.ConsumerControl.Conflict;
import mallstream.kafka.consume.ConsumerControl.ConsumerView;
import mallstream.kafka.consume.ConsumerControl.DeadLetterPage;
import mallstream.kafka.consume.ConsumerControl.DeadLetterQuery;
import mallstream.kafka.consume.ConsumerControl.InvalidRequest;
import mallstream.kafka.consume.ConsumerControl.Limits;
import mallstream.kafka.consume.ConsumerControl.Move;
import mallstream.kafka.consume.ConsumerControl.NoSuchConsumer;
import mallstream.kafka.consume.ConsumerControl.OffsetTarget;
import mallstream.kafka.consume.ConsumerControl.ReplayRequest;
import mallstream.kafka.consume.ConsumerControl.ReplayStarted;
import mallstream.kafka.consume.ConsumerControl.Unreachable;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * What operators ask and tell of the consumers, on the management port.
 *
 * <p>It is a controller and not one of the actuator's endpoints: those take bodies of single texts only, so no list of
 * ids, and pass over fields and parameters that they do not know, such as a misspelled {@code dry-run}. The scan leaves it
 * out, and META-INF/spring names it for the context that serves the management port.
 */
@RestController
@RequestMapping("/actuator/consumers")
class ConsumersEndpoint {
    private final ConsumerControl control;

    ConsumersEndpoint(ConsumerControl control) {
        this.control = control;
    }

    /** @param consumers by name */
    record Consumers(List<ConsumerView> consumers) {}

    /**
     * @param dryRun whether nothing was moved
     * @param moves by partition
     */
    record Moves(boolean dryRun, List<Move> moves) {}

    /** The body of a call that takes none. */
    record Nothing() {}

    /**
     * @param partition the only partition to move; {@code null} for all
     * @param to an offset
     * @param time ISO 8601; numbers are refused, since nobody knows whether they are seconds or milliseconds
     */
    record OffsetBody(
            @Nullable Integer partition,
            @Nullable Long to,
            @Nullable String time) {}

    @GetMapping
    Consumers consumers(HttpServletRequest request) {
        StrictJson.only(request);
        return new Consumers(control.consumers());
    }

    @GetMapping("/{name}")
    ConsumerView consumer(@PathVariable String name, HttpServletRequest request) {
        StrictJson.only(request);
        return control.consumer(name);
    }

    @PostMapping(path = "/{name}/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void pause(
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request,
            Principal caller) {
        StrictJson.only(request);
        nothing(body);
        control.pause(name, caller.getName());
    }

    @PostMapping(path = "/{name}/resume", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void resume(
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request,
            Principal caller) {
        StrictJson.only(request);
        nothing(body);
        control.resume(name, caller.getName());
    }

    @PostMapping(path = "/{name}/limits", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void limits(
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request,
            Principal caller) {
        StrictJson.only(request);
        control.limits(name, StrictJson.read(body, Limits.class), caller.getName());
    }

    @PostMapping(path = "/{name}/offsets", consumes = MediaType.APPLICATION_JSON_VALUE)
    Moves offsets(
            @PathVariable String name,
            @RequestParam(name = "dry-run", required = false) @Nullable String dryRun,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request,
            Principal caller) {
        StrictJson.only(request, "dry-run");
        boolean dry = flag("dry-run", dryRun);
        return new Moves(dry, control.offsets(name, target(body), dry, caller.getName()));
    }

    @GetMapping("/{name}/dead-letters")
    DeadLetterPage deadLetters(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable String topic,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "50") int size,
            HttpServletRequest request) {
        StrictJson.only(request, "reason", "topic", "key", "after", "size");
        return control.deadLetters(name, new DeadLetterQuery(reason, topic, key, after, size));
    }

    @PostMapping(path = "/{name}/dead-letters/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    ReplayStarted replay(
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request,
            Principal caller) {
        StrictJson.only(request);
        return control.replay(name, StrictJson.read(body, ReplayRequest.class), caller.getName());
    }

    @ExceptionHandler
    ProblemDetail unknown(NoSuchConsumer failure) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, failure.getMessage());
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidRequest failure) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, failure.getMessage());
        problem.setProperty("field", failure.field());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail conflict(Conflict failure) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, failure.getMessage());
    }

    @ExceptionHandler
    ProblemDetail unreachable(Unreachable failure) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, failure.getMessage() + "; try again later");
    }

    private static OffsetTarget target(byte @Nullable [] body) {
        OffsetBody target = StrictJson.read(body, OffsetBody.class);
        try {
            return new OffsetTarget(
                    target.partition, target.to, target.time == null ? null : Instant.parse(target.time));
        } catch (DateTimeException e) {
            throw StrictJson.problem("time", "must be a time such as 2026-01-02T03:04:05Z");
        }
    }

    private static void nothing(byte @Nullable [] body) {
        if (body != null && body.length > 0) {
            StrictJson.read(body, Nothing.class);
        }
    }

    private static boolean flag(String name, @Nullable String value) {
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.isEmpty() || value.equals("true")) {
            return true;
        }
        throw StrictJson.problem(name, "must be true or false, or stand alone");
    }
}
