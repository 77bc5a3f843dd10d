package mallstream.member.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a caller's {@code Idempotency-Key} stands for.
 *
 * @param caller who asks
 * @param method HTTP method
 * @param path HTTP path
 * @param key 1 to 255 visible ASCII characters
 * @param bodyHash SHA-256 of what was asked, 32 bytes
 */
public record RequestKey(String caller, String method, String path, String key, byte[] bodyHash) {
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    /** @throws InvalidValue if the key has another form */
    public RequestKey {
        if (!FORM.matcher(key).matches()) {
            throw new InvalidValue("Idempotency-Key", "must be 1 to 255 visible ASCII characters");
        }
    }

    /** SHA-256 of caller, method, path and key: what the key counts for. */
    public byte[] scope() {
        return hash(caller, method, path, key);
    }

    /**
     * Hashes parts, each behind its length, so that no two lists of parts hash the same text.
     *
     * @param parts any number; {@code null} is told apart from the empty text
     * @return SHA-256, 32 bytes
     */
    public static byte[] hash(@Nullable String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (@Nullable String part : parts) {
                byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(Integer.BYTES)
                        .putInt(part == null ? -1 : bytes.length)
                        .flip());
                digest.update(bytes);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
