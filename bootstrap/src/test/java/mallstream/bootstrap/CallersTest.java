package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mallstream.bootstrap.SecuritySettings.ApiKey;
import mallstream.bootstrap.SecuritySettings.Role;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

class CallersTest {
    /** SHA-256 of the text "test", a published value. */
    private static final String HASH_OF_TEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @Test
    void a_key_opens_by_its_hash_in_either_case() {
        Callers callers = new Callers(
                List.of(
                        key("other", "0".repeat(64), Role.VIEWER, null),
                        key("mine", HASH_OF_TEST.toUpperCase(java.util.Locale.ROOT), Role.API, null)),
                null);

        Authentication caller = callers.authenticate(token("test"));

        assertThat(caller.getName()).isEqualTo("mine");
        assertThat(granted(caller)).containsExactly("ROLE_API", "ROLE_ALL_MALLS");
    }

    @Test
    void a_key_with_malls_holds_those_only() {
        Callers callers = new Callers(List.of(key("mine", HASH_OF_TEST, Role.API, List.of("mall-1", "mall-2"))), null);

        assertThat(granted(callers.authenticate(token("test"))))
                .containsExactly("ROLE_API", "ROLE_MALL_mall-1", "ROLE_MALL_mall-2");
    }

    @Test
    void another_key_and_the_hash_itself_open_nothing() {
        Callers callers = new Callers(List.of(key("mine", HASH_OF_TEST, Role.API, null)), null);

        for (String wrong : List.of("tesT", HASH_OF_TEST, "test ")) {
            assertThatThrownBy(() -> callers.authenticate(token(wrong)))
                    .isInstanceOf(InvalidBearerTokenException.class)
                    .hasMessageNotContaining(wrong);
        }
    }

    @Test
    void roles_of_a_token_that_are_not_ours_grant_nothing() {
        Authentication caller =
                jwt(Map.of("roles", List.of("api", "ALL_MALLS", "MALL_mall-2"), "malls", List.of("mall-1")));

        assertThat(caller.getName()).isEqualTo("jwt:someone");
        assertThat(granted(caller)).containsExactly("ROLE_API", "ROLE_MALL_mall-1");
    }

    @Test
    void a_token_without_the_malls_claim_is_for_all_and_with_an_empty_or_null_one_for_none() {
        assertThat(granted(jwt(Map.of("roles", "api")))).containsExactly("ROLE_API", "ROLE_ALL_MALLS");
        assertThat(granted(jwt(Map.of("roles", "api", "malls", List.of())))).containsExactly("ROLE_API");
        Map<String, @Nullable Object> claims = new HashMap<>();
        claims.put("roles", "api");
        claims.put("malls", null);
        assertThat(granted(jwt(claims))).containsExactly("ROLE_API");
    }

    @Test
    void a_token_without_subject_opens_nothing() {
        Callers callers =
                new Callers(List.of(), token -> claims(Map.of("roles", "api")).build());

        assertThatThrownBy(() -> callers.authenticate(token("x"))).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void a_bad_token_is_the_callers_fault_and_a_silent_issuer_is_not() {
        JwtDecoder bad = token -> {
            throw new BadJwtException("expired");
        };
        JwtDecoder silent = token -> {
            throw new IllegalStateException("connection refused");
        };

        assertThatThrownBy(() -> new Callers(List.of(), bad).authenticate(token("x")))
                .isInstanceOf(InvalidBearerTokenException.class);
        assertThatThrownBy(() -> new Callers(List.of(), silent).authenticate(token("x")))
                .isInstanceOf(AuthenticationServiceException.class);
    }

    private static Authentication jwt(Map<String, @Nullable Object> claims) {
        return new Callers(List.of(), token -> claims(claims).subject("someone").build()).authenticate(token("x"));
    }

    private static Jwt.Builder claims(Map<String, @Nullable Object> claims) {
        return Jwt.withTokenValue("x")
                .header("alg", "RS256")
                .issuedAt(Instant.EPOCH)
                .claims(all -> all.putAll(claims));
    }

    private static ApiKey key(String name, String sha256, Role role, @Nullable List<String> malls) {
        return new ApiKey(name, role, sha256, malls);
    }

    private static Authentication token(String token) {
        return new BearerTokenAuthenticationToken(token);
    }

    private static List<String> granted(Authentication caller) {
        return caller.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .toList();
    }
}
