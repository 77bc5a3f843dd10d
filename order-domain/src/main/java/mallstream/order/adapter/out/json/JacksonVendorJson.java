package mallstream.order.adapter.out.json;

import java.util.Map;
import java.util.Optional;
import mallstream.order.application.port.out.VendorFields;
import mallstream.order.application.port.out.VendorJson;
import mallstream.order.model.OrderNo;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

@Component
class JacksonVendorJson implements VendorJson {
    /** Settings of the web layer must not change how a vendor is read, hence a mapper without any. */
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public Optional<VendorFields> read(byte[] body) {
        try {
            return Optional.of(
                    new VendorFields(JSON.readValue(body, Object.class) instanceof Map<?, ?> map ? map : Map.of()));
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<OrderNo> orderNo(byte[] body, String field) {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (name.equals(field)) {
                    return value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT
                            ? Optional.ofNullable(new VendorFields(Map.of(name, parser.getString())).orderNo(name))
                            : Optional.empty();
                }
                parser.skipChildren();
            }
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
