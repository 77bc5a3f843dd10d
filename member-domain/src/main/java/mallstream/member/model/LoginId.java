package mallstream.member.model;

import java.util.regex.Pattern;

/**
 * The name a member logs in with, unique in its mall. It may be somebody's mail address, so {@code toString} hides it.
 *
 * @param value 1 to 64 visible characters without spaces
 */
public record LoginId(String value) {
    private static final Pattern FORM = Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{S}]{1,64}");

    /** @throws InvalidValue if the value has another form */
    public LoginId {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValue("loginId", "must be 1 to 64 visible characters without spaces");
        }
    }

    @Override
    public String toString() {
        return "LoginId[masked]";
    }
}
