package mallstream.bootstrap.infrastructure;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key for the platform's API.
 *
 * @param value what a caller sends
 */
record ApiKey(String value) {

    /** A key that nobody can guess: 32 random bytes. */
    static ApiKey random() {
        return new ApiKey(Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes()));
    }

    static byte[] randomBytes() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** What the platform's configuration holds in place of the key, hex. */
    String sha256() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException cause) {
            throw new IllegalStateException(cause);
        }
    }
}
