package mallstream.bootstrap;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads bodies of operators, who must not believe that something holds which was passed over: a field that is unknown or
 * stands there twice is refused. Callers of {@code /api} are read with more patience, since they may be newer than this
 * platform. A value of the wrong type is refused to both.
 */
final class StrictJson {
    private static final JsonMapper JSON = mapper();

    private StrictJson() {}

    private static JsonMapper mapper() {
        JsonMapper.Builder json = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
        new ExactScalars().customize(json);
        return json.build();
    }

    /**
     * @param body JSON; {@code null} or empty where the call has none
     * @param type a record of nullable components
     * @return the record; an absent body is none
     * @throws ErrorResponseException 400 with a problem that names our field and repeats nothing of the body
     */
    static <T extends Record> T read(byte @Nullable [] body, Class<T> type) {
        try {
            T read = JSON.readValue(body == null ? new byte[0] : body, type);
            if (read != null) {
                return read;
            }
        } catch (UnrecognizedPropertyException e) {
            throw problem("body", "has an unknown field; " + known(e.getKnownPropertyIds()));
        } catch (JacksonException e) {
            ErrorResponseException wrong = wrongValue(e);
            throw wrong == null ? problem("body", "must be a JSON object that has each field once") : wrong;
        }
        throw problem("body", "must be a JSON object");
    }

    /**
     * @param field what is wrong, a name of ours
     * @param why and how it would be right
     * @return 400
     */
    static ErrorResponseException problem(String field, String why) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, field + ": " + why);
        problem.setProperty("field", field);
        return new ErrorResponseException(HttpStatus.BAD_REQUEST, problem, null);
    }

    /**
     * A parameter that nobody reads would change the meaning of a call: {@code ?dryrun} would be no dry run.
     *
     * @param request the call
     * @param known the parameters that are read
     * @throws ErrorResponseException 400 if there is another one
     */
    static void only(HttpServletRequest request, String... known) {
        if (!Set.of(known).containsAll(request.getParameterMap().keySet())) {
            throw problem(
                    "query",
                    "has an unknown parameter; "
                            + (known.length == 0 ? "none is known here" : "known are " + String.join(", ", known)));
        }
    }

    private static String known(@Nullable Collection<Object> fields) {
        return fields == null || fields.isEmpty()
                ? "none is known here"
                : "known are " + fields.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    /**
     * @param failure what Jackson says of a body that is read into a record; it knows the field, unless the body as a
     *     whole is of another type
     * @return 400 with a problem that names our field and repeats nothing of the body; {@code null} if it is no JSON
     */
    static @Nullable ErrorResponseException wrongValue(JacksonException failure) {
        boolean outOfRange = failure instanceof InputCoercionException;
        if (!outOfRange && !(failure instanceof DatabindException)) {
            return null;
        }
        List<JacksonException.Reference> path = failure.getPath();
        String field = path.isEmpty() ? null : path.getFirst().getPropertyName();
        return field == null
                ? problem("body", "must be a JSON object with values of the right type")
                : problem(field, outOfRange ? "is out of range" : "has the wrong type");
    }
}
