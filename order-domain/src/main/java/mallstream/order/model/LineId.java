package mallstream.order.model;

import java.util.regex.Pattern;

/**
 * One line (product order) of an order, as its channel names it.
 *
 * @param value 1 to 64 letters, digits, {@code _} and {@code -}
 */
public record LineId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** @throws InvalidValue if the value has another form */
    public LineId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValue("lineId", "must match " + FORM);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
