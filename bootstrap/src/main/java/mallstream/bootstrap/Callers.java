package mallstream.bootstrap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import mallstream.bootstrap.SecuritySettings.ApiKey;
import mallstream.bootstrap.SecuritySettings.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/**
 * Says who presents a bearer token: the owner of a configured key, else the subject of a JWT where an issuer is set.
 *
 * <p>Controllers, which know no Spring Security, ask {@code HttpServletRequest.isUserInRole}: {@code ALL_MALLS}, or
 * {@code MALL_<mallId>} for each mall of a caller with a list.
 */
final class Callers implements AuthenticationManager {
    private static final HexFormat HEX = HexFormat.of();

    private final List<ApiKey> keys;
    private final @Nullable JwtDecoder decoder;

    /**
     * @param keys the configured keys
     * @param decoder checks signature, issuer, times and audience of a JWT; {@code null} where keys are the only way in
     */
    Callers(List<ApiKey> keys, @Nullable JwtDecoder decoder) {
        this.keys = List.copyOf(keys);
        this.decoder = decoder;
    }

    /**
     * @throws InvalidBearerTokenException if the token opens nothing
     * @throws AuthenticationServiceException if the issuer of JWTs could not be asked
     */
    @Override
    public Authentication authenticate(Authentication presented) {
        String token = ((BearerTokenAuthenticationToken) presented).getToken();
        Optional<ApiKey> key = owner(token);
        if (key.isPresent()) {
            return caller(key.get().name(), List.of(key.get().role()), key.get().malls());
        }
        if (decoder == null) {
            throw new InvalidBearerTokenException("unknown key");
        }
        return fromJwt(decode(decoder, token));
    }

    /**
     * Looks at every key, each in constant time, so that the time tells nothing about which one came close. An
     * unsalted hash is enough for a random key of 32 bytes; a slow one would only cost every call.
     */
    private Optional<ApiKey> owner(String token) {
        byte[] hash = sha256(token);
        ApiKey owner = null;
        for (ApiKey key : keys) {
            if (MessageDigest.isEqual(HEX.parseHex(key.sha256()), hash)) {
                owner = key;
            }
        }
        return Optional.ofNullable(owner);
    }

    private static Jwt decode(JwtDecoder decoder, String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException e) {
            throw new InvalidBearerTokenException("token refused", e);
        } catch (RuntimeException e) {
            throw new AuthenticationServiceException("the issuer of tokens cannot be asked", e);
        }
    }

    /** Roles that are not ours are left out, or a token could name a mall, or all of them, by a role. */
    private static Authentication fromJwt(Jwt jwt) {
        String subject = jwt.getSubject();
        if (subject == null || subject.isBlank()) {
            throw new InvalidBearerTokenException("token without subject");
        }
        List<Role> roles = new ArrayList<>();
        for (String claimed : strings(jwt, "roles")) {
            switch (claimed) {
                case "api" -> roles.add(Role.API);
                case "viewer" -> roles.add(Role.VIEWER);
                case "operator" -> roles.add(Role.OPERATOR);
                default -> {}
            }
        }
        // The names of keys hold no colon, so that a subject can't pass for a key.
        return caller("jwt:" + subject, roles, jwt.hasClaim("malls") ? strings(jwt, "malls") : null);
    }

    private static List<String> strings(Jwt jwt, String claim) {
        Object value = jwt.getClaims().get(claim);
        Collection<?> values = value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value);
        return values.stream().filter(Objects::nonNull).map(Object::toString).toList();
    }

    private static Authentication caller(String name, List<Role> roles, @Nullable List<String> malls) {
        List<GrantedAuthority> authorities = new ArrayList<>();
        roles.forEach(role -> authorities.add(new SimpleGrantedAuthority("ROLE_" + role)));
        if (malls == null) {
            authorities.add(new SimpleGrantedAuthority("ROLE_ALL_MALLS"));
        } else {
            malls.forEach(mall -> authorities.add(new SimpleGrantedAuthority("ROLE_MALL_" + mall)));
        }
        return UsernamePasswordAuthenticationToken.authenticated(name, null, authorities);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
