package mallstream.member.adapter.out.persistence;

import static mallstream.member.ports.Some.MALL;
import static mallstream.member.ports.Some.RANDOM;
import static mallstream.member.ports.Some.endpoint;
import static mallstream.member.ports.Some.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import mallstream.member.model.WebhookEndpoint;
import mallstream.member.ports.Database;
import org.junit.jupiter.api.Test;

class SecretsIT {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private final Database database = Database.emptied();
    private final WebhookEndpoint endpoint = endpoint(MALL);

    private String stored() {
        database.run(() -> database.endpoints().add(endpoint));
        return database.jdbc()
                .sql("select row_to_json(e)::text || encode(secret, 'hex') || encode(secret, 'base64')"
                        + " || encode(secret, 'escape') from member.webhook_endpoint e")
                .query(String.class)
                .single();
    }

    @Test
    void a_secret_cannot_be_read_from_its_table() {
        byte[] secret = endpoint.secret().bytes();

        assertThat(stored())
                .doesNotContain(
                        HexFormat.of().formatHex(secret),
                        endpoint.secret().shown().substring("whsec_".length()));
    }

    @Test
    void the_same_secret_is_stored_differently_each_time() {
        var cipher = new SecretCipher(new SecretSettings(KEY), RANDOM);

        assertThat(cipher.seal(endpoint.id(), endpoint.secret()))
                .isNotEqualTo(cipher.seal(endpoint.id(), endpoint.secret()));
    }

    @Test
    void a_secret_opens_for_its_endpoint_and_key_only() {
        var cipher = new SecretCipher(new SecretSettings(KEY), RANDOM);
        byte[] sealed = cipher.seal(endpoint.id(), endpoint.secret());
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        var other = new SecretCipher(new SecretSettings(Base64.getEncoder().encodeToString(otherKey)), RANDOM);
        byte[] changed = sealed.clone();
        changed[20] ^= 1;

        assertThat(cipher.open(endpoint.id(), sealed).bytes())
                .isEqualTo(endpoint.secret().bytes());
        assertThatThrownBy(() -> cipher.open(uuid(), sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> other.open(endpoint.id(), sealed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mallstream.secrets.key");
        assertThatThrownBy(() -> cipher.open(endpoint.id(), changed)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_key_of_another_length_or_form_is_refused_without_showing_it() {
        for (String bad : new String[] {"", "c2hvcnQ=", "not base64!", KEY + "AAAA"}) {
            assertThatThrownBy(() -> new SecretSettings(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("key: must be 32 random bytes");
        }
        assertThat(new SecretSettings(KEY).toString()).doesNotContain(KEY);
    }
}
