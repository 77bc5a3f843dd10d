package mallstream.member.model;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** UUIDs that sort by the time they were made: RFC 9562, section 5.7. */
public final class UuidV7 {
    /** Java's own parser takes shortened groups as well, which would give one thing many names. */
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private UuidV7() {}

    /**
     * @param field name of the field as outsiders know it
     * @param text the 36 characters of a UUID of any version
     * @return the UUID
     * @throws InvalidValue if the text is no UUID
     */
    public static UUID parse(String field, String text) {
        if (!FORM.matcher(text).matches()) {
            throw new InvalidValue(field, "must be a UUID");
        }
        return UUID.fromString(text);
    }

    /**
     * @param now goes into the id, in milliseconds
     * @param random fills the other 74 bits
     * @return a new id
     */
    public static UUID at(Instant now, RandomGenerator random) {
        long high = (now.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
