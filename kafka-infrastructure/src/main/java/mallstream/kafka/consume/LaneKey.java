package mallstream.kafka.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a record's key, compared by what they are. A ByteBuffer would do, and counts its hash anew each time it is asked. */
final class LaneKey {
    private final byte[] bytes;
    private final int hash;

    /** @param bytes of the key; nobody changes them any more */
    LaneKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** The key. */
    byte[] bytes() {
        return bytes;
    }

    /** The key as a text. */
    String text() {
        return new String(bytes, UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LaneKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
