package mallstream.bootstrap;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Who may call, {@code mallstream.security.*}.
 *
 * @param keys the API keys; none where callers come with JWTs only
 */
record SecuritySettings(List<ApiKey> keys) {
    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

    SecuritySettings(@Nullable List<ApiKey> keys) {
        this.keys = keys == null ? List.of() : List.copyOf(keys);
        Set<String> seen = new HashSet<>();
        for (ApiKey key : this.keys) {
            if (!seen.add(key.name)) {
                throw new IllegalArgumentException("two keys have the name " + key.name);
            }
            if (!seen.add(key.sha256)) {
                throw new IllegalArgumentException("the key " + key.name + " is the same as another one");
            }
        }
    }

    /**
     * Nobody could call, so the start makes no sense.
     *
     * @throws InvalidSetting if there is no key and no issuer of JWTs, or an issuer without an audience: a token that
     *     was made for another service must not open this one
     */
    void refuseToBeWithoutKeys(Environment environment) {
        boolean issuer = !environment.getProperty(JWT + "issuer-uri", "").isBlank();
        if (issuer && environment.getProperty(JWT + "audiences", String[].class, new String[0]).length == 0) {
            throw new InvalidSetting(
                    JWT + "audiences is missing",
                    "set SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES to the audience that names this platform");
        }
        for (String other : List.of("jwk-set-uri", "public-key-location")) {
            if (!issuer && !environment.getProperty(JWT + other, "").isBlank()) {
                throw new InvalidSetting(
                        JWT + other + " is set without " + JWT + "issuer-uri",
                        "set the issuer too, or tokens that it made for other services would be let in");
            }
        }
        if (!issuer && keys.isEmpty()) {
            throw new InvalidSetting(
                    "nobody could call: there is neither a key under mallstream.security.keys nor a " + JWT
                            + "issuer-uri",
                    "make a key with: K=$(openssl rand -hex 32); echo \"key $K sha256 $(echo -n $K | openssl dgst"
                            + " -sha256 -r | cut -c1-64)\" and set MALLSTREAM_SECURITY_KEYS_0_NAME,"
                            + " MALLSTREAM_SECURITY_KEYS_0_ROLE (api, viewer or operator) and"
                            + " MALLSTREAM_SECURITY_KEYS_0_SHA256");
        }
    }

    /**
     * One caller's key. The key itself is not known here.
     *
     * @param name names the caller in logs and is the scope of idempotency keys, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}
     * @param role what the caller may do
     * @param sha256 SHA-256 of the key, 64 hexadecimal digits
     * @param malls the only malls the caller may touch; {@code null} for all
     */
    record ApiKey(
            String name, Role role, String sha256, @Nullable List<String> malls) {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
        private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

        ApiKey {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("name: must match " + NAME);
            }
            Objects.requireNonNull(role);
            sha256 = sha256.toLowerCase(Locale.ROOT);
            if (!HASH.matcher(sha256).matches()) {
                throw new IllegalArgumentException("sha256: must be 64 hexadecimal digits, the SHA-256 of the key");
            }
            if (malls != null) {
                malls = List.copyOf(malls);
                if (malls.isEmpty()) {
                    throw new IllegalArgumentException("malls: must name a mall, or be left out for all malls");
                }
                if (role != Role.API) {
                    throw new IllegalArgumentException("malls: bounds keys of the role api only");
                }
                malls.forEach(ApiKey::check);
            }
        }

        private static void check(String mall) {
            try {
                new MallId(mall);
            } catch (InvalidValue e) {
                throw new IllegalArgumentException("malls: each " + e.getMessage(), e);
            }
        }

        /** Nothing of the key, not even its hash. */
        @Override
        public String toString() {
            return "ApiKey[" + name + ", " + role + "]";
        }
    }

    /** What a caller may do. */
    enum Role {
        /** Everything under {@code /api}. */
        API,
        /** Reading management calls and the description of the interface. */
        VIEWER,
        /** What a viewer may, and changing management calls. */
        OPERATOR
    }
}
