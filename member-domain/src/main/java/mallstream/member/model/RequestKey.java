package mallstream.member.model;

import java.util.regex.Pattern;

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
}
