package mallstream.member.model;

/**
 * A person's name: personal data, so {@code toString} masks it.
 *
 * @param value 1 to 80 characters, not blank, without control characters
 */
public record PersonName(String value) {
    /** @throws InvalidValue if the value has another form */
    public PersonName {
        if (value.isBlank() || value.length() > 80 || value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValue("name", "must be 1 to 80 characters");
        }
    }

    /** The first and the last letter, the rest as stars: {@code 홍*동}; of two letters the first only. */
    public String masked() {
        int[] letters = value.codePoints().toArray();
        int shownAtEnd = letters.length > 2 ? 1 : 0;
        var masked = new StringBuilder().appendCodePoint(letters[0]);
        masked.repeat('*', Math.max(1, letters.length - 1 - shownAtEnd));
        if (shownAtEnd == 1) {
            masked.appendCodePoint(letters[letters.length - 1]);
        }
        return masked.toString();
    }

    @Override
    public String toString() {
        return masked();
    }
}
