package mallstream.kafka.consume.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What is shown in place of a record's key, which may say who it is about: enough to compare, too little to go back. */
public final class KeyHash {
    private static final int BYTES = 6;

    private KeyHash() {}

    /**
     * @param key a record's key; {@code null} where it has none
     * @return the first 12 hexadecimal digits of its SHA-256; {@code none} without a key
     */
    public static String of(byte @Nullable [] key) {
        if (key == null) {
            return "none";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
