package mallstream.order.model;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A channel's code that an operator explained.
 *
 * @param channel whose code
 * @param code the code as the channel writes it, 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}
 * @param means what it means
 * @param by the name of the operator's key
 * @param at when
 */
public record CodeMapping(Channel channel, String code, Meaning means, String by, Instant at) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    /** @throws InvalidValue if the code has another form */
    public CodeMapping {
        if (!FORM.matcher(code).matches()) {
            throw new InvalidValue("code", "must match " + FORM);
        }
    }
}
