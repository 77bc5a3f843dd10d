package mallstream.member.model;

import java.util.regex.Pattern;

/**
 * A phone number: personal data, so {@code toString} masks it.
 *
 * @param value 9 to 15 digits; separators and a leading {@code +} are taken out
 */
public record PhoneNumber(String value) {
    private static final Pattern FORM = Pattern.compile("\\+?[0-9 ()-]{9,24}");
    private static final int SHOWN = 4;

    /** @throws InvalidValue if the value has another form */
    public PhoneNumber {
        String digits = FORM.matcher(value).matches() ? value.replaceAll("[^0-9]", "") : "";
        if (digits.length() < 9 || digits.length() > 15) {
            throw new InvalidValue("phone", "must be 9 to 15 digits, with spaces or hyphens between them");
        }
        value = digits;
    }

    /** Last four digits, and the prefix of a long number: {@code 010-****-5678}, {@code ***-****-4567}. */
    public String masked() {
        return (value.length() > 10 ? value.substring(0, 3) : "***") + "-****-"
                + value.substring(value.length() - SHOWN);
    }

    @Override
    public String toString() {
        return masked();
    }
}
