package mallstream.member.adapter.out.persistence;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * {@code mallstream.secrets.*}.
 *
 * @param key 32 random bytes in base64; encrypts webhook secrets at rest
 */
public record SecretSettings(String key) {
    /** @throws IllegalArgumentException if the key is anything else, naming the setting and never its value */
    public SecretSettings {
        if (decoded(key).length != 32) {
            throw new IllegalArgumentException(
                    "key: must be 32 random bytes in base64; make one with: openssl rand -base64 32");
        }
    }

    byte[] bytes() {
        return decoded(key);
    }

    private static byte[] decoded(@Nullable String key) {
        try {
            return Base64.getDecoder().decode(key == null ? "" : key);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    @Override
    public String toString() {
        return "SecretSettings[hidden]";
    }
}
