package mallstream.member.model;

import java.util.regex.Pattern;

/**
 * A mail address: personal data, so {@code toString} masks it.
 *
 * @param value {@code local@domain}, at most 254 characters
 */
public record EmailAddress(String value) {
    private static final Pattern FORM =
            Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]+\\.[^\\s@\\p{Cntrl}]+");

    /** @throws InvalidValue if the value has another form */
    public EmailAddress {
        if (value.length() > 254 || !FORM.matcher(value).matches()) {
            throw new InvalidValue("email", "must be a mail address of at most 254 characters");
        }
    }

    /** Two letters of the local part, never the whole of it, and the domain: {@code ho****@domain}. */
    public String masked() {
        int at = value.indexOf('@');
        int shown = value.offsetByCodePoints(0, Math.min(2, value.codePointCount(0, at) - 1));
        return value.substring(0, shown) + "****" + value.substring(at);
    }

    @Override
    public String toString() {
        return masked();
    }
}
