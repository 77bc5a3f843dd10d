package mallstream.member.model;

import java.util.regex.Pattern;

/**
 * A client mall.
 *
 * @param value 1 to 40 of {@code a-z}, {@code 0-9} and {@code -}, not starting with {@code -}
 */
public record MallId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    /** @throws InvalidValue if the value has another form */
    public MallId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValue("mallId", "must match " + FORM);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
