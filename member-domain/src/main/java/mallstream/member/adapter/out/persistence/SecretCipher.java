package mallstream.member.adapter.out.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import mallstream.member.model.WebhookEndpoint.Secret;
import org.springframework.stereotype.Component;

/**
 * AES-256-GCM (NIST SP 800-38D): 12 random bytes, then ciphertext and tag. The endpoint's id is authenticated with it, so
 * that a secret copied to another row does not open.
 */
@Component
final class SecretCipher {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final RandomGenerator random;

    SecretCipher(SecretSettings settings, RandomGenerator random) {
        this.key = new SecretKeySpec(settings.bytes(), "AES");
        this.random = random;
    }

    byte[] seal(UUID endpoint, Secret secret) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, endpoint, nonce, secret.bytes());
        return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
    }

    Secret open(UUID endpoint, byte[] stored) {
        if (stored.length < NONCE) {
            throw new IllegalStateException("endpoint " + endpoint + " has no webhook secret any more");
        }
        var buffer = ByteBuffer.wrap(stored);
        byte[] nonce = new byte[NONCE];
        buffer.get(nonce);
        byte[] sealed = new byte[buffer.remaining()];
        buffer.get(sealed);
        return new Secret(run(Cipher.DECRYPT_MODE, endpoint, nonce, sealed));
    }

    private byte[] run(int mode, UUID endpoint, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(endpoint.toString().getBytes(StandardCharsets.US_ASCII));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the webhook secret of endpoint " + endpoint
                            + " does not open: was mallstream.secrets.key changed?",
                    e);
        }
    }
}
