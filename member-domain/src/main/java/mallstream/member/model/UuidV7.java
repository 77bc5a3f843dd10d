package mallstream.member.model;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** UUIDs that sort by the time they were made: RFC 9562, section 5.7. */
public final class UuidV7 {
    private UuidV7() {}

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
