package mallstream.order.model;

import java.util.regex.Pattern;

/**
 * An order's number as its channel writes it; unique within one channel of one mall only.
 *
 * @param value 1 to 64 letters, digits, {@code _} and {@code -}
 */
public record OrderNo(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** @throws InvalidValue if the value has another form */
    public OrderNo {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValue("orderNo", "must match " + FORM);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
