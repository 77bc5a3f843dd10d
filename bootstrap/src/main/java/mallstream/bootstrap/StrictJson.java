package mallstream.bootstrap;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads bodies of operators, who must not believe that something holds which was passed over: a field that is unknown or
 * stands there twice is refused, and so is {@code "5"} for 5. Callers of {@code /api} are read with more patience, since
 * they may be newer than this platform.
 */
final class StrictJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private StrictJson() {}

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
        } catch (DatabindException e) {
            throw wrongType(e);
        } catch (JacksonException e) {
            throw problem("body", "must be a JSON object that has each field once, with values in their range");
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

    private static String known(@Nullable Collection<Object> fields) {
        return fields == null || fields.isEmpty()
                ? "none is known here"
                : "known are " + fields.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    /** Where it is deep inside, Jackson does not say in which field. */
    private static ErrorResponseException wrongType(DatabindException failure) {
        List<JacksonException.Reference> path = failure.getPath();
        String field = path.isEmpty() ? null : path.getFirst().getPropertyName();
        return field == null
                ? problem("body", "must be a JSON object with values of the right type")
                : problem(field, "has the wrong type");
    }
}
