package mallstream.kafka.consume;

import java.io.StringWriter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.json.JsonMapper;

/** Shows how a value is built and nothing of what it says. */
final class ValueMask {
    private static final String MASK = "***";
    /** A field's name begins with a letter: what begins with a digit may be a phone number that serves as a key. */
    private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");
    /** Characters that are shown; what comes behind them is left out, since a page holds up to 500 values. */
    private static final int LONGEST = 4096;

    private static final JsonMapper JSON = new JsonMapper();

    private ValueMask() {}

    /**
     * @param value a record's value
     * @return its JSON with texts and numbers masked, and fields whose names look like data; its size where it is no JSON
     */
    static String of(byte @Nullable [] value) {
        if (value == null) {
            return "<no value>";
        }
        StringWriter masked = new StringWriter();
        boolean whole;
        try (JsonParser parser = JSON.createParser(value);
                JsonGenerator out = JSON.createGenerator(masked)) {
            whole = copy(parser, out, masked);
        } catch (JacksonException e) {
            return "<" + value.length + " bytes, not JSON>";
        }
        return whole ? masked.toString() : masked + "…";
    }

    /** Whether all of it is shown. What is open where it is cut is closed by the generator. */
    private static boolean copy(JsonParser parser, JsonGenerator out, StringWriter masked) {
        boolean more = true;
        while (more) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new StreamReadException(parser, "ends too early");
            }
            write(token, parser, out);
            out.flush();
            if (masked.getBuffer().length() > LONGEST && token != JsonToken.PROPERTY_NAME) {
                return false;
            }
            more = !parser.streamReadContext().inRoot();
        }
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "goes on behind its end");
        }
        return true;
    }

    private static void write(JsonToken token, JsonParser parser, JsonGenerator out) {
        switch (token) {
            case START_OBJECT -> out.writeStartObject();
            case END_OBJECT -> out.writeEndObject();
            case START_ARRAY -> out.writeStartArray();
            case END_ARRAY -> out.writeEndArray();
            case PROPERTY_NAME ->
                out.writeName(FIELD.matcher(parser.currentName()).matches() ? parser.currentName() : MASK);
            case VALUE_TRUE -> out.writeBoolean(true);
            case VALUE_FALSE -> out.writeBoolean(false);
            case VALUE_NULL -> out.writeNull();
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                out.writeString(MASK);
        }
    }
}
