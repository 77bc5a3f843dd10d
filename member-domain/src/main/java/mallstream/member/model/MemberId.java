package mallstream.member.model;

import java.util.UUID;

/**
 * A member of one mall.
 *
 * @param value a UUID, version 7 where the platform made it
 */
public record MemberId(UUID value) {
    /**
     * @param text the 36 characters of a UUID
     * @return the id that the text names
     * @throws InvalidValue if the text is no UUID
     */
    public static MemberId parse(String text) {
        return new MemberId(UuidV7.parse("memberId", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
