package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Tokens of a real issuer on this machine, checked by the decoder that Spring Boot makes of our settings. */
class JwtTest {
    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private String issuer;

    @SuppressWarnings("NullAway.Init")
    private RSAKey key;

    @BeforeEach
    void startIssuer() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("1").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://localhost:" + server.getAddress().getPort();
        serve(
                "/.well-known/openid-configuration",
                "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer
                        + "/keys\",\"subject_types_supported\":[\"public\"]}");
        serve("/keys", new JWKSet(key).toString());
        server.start();
    }

    @AfterEach
    void stopIssuer() {
        server.stop(0);
    }

    @Test
    void a_token_for_this_platform_opens_with_its_roles_and_malls() {
        callers(callers -> {
            Authentication caller = callers.authenticate(token(it -> it));

            assertThat(caller.getName()).isEqualTo("jwt:collector");
            assertThat(caller.getAuthorities())
                    .extracting(Object::toString)
                    .containsExactly("ROLE_API", "ROLE_MALL_mall-1");
        });
    }

    @Test
    void a_token_for_another_service_of_another_issuer_or_of_yesterday_opens_nothing() {
        callers(callers -> {
            refused(callers, it -> it.audience("another-service"));
            refused(callers, it -> it.audience((String) null));
            refused(callers, it -> it.issuer("http://elsewhere.example"));
            refused(callers, it -> it.expirationTime(Date.from(Instant.now().minus(Duration.ofDays(1)))));
        });
    }

    @Test
    void a_token_signed_by_somebody_else_opens_nothing() throws JOSEException {
        RSAKey stranger = new RSAKeyGenerator(2048).keyID("1").generate();
        callers(callers -> {
            key = stranger;
            refused(callers, it -> it);
        });
    }

    @Test
    void a_word_that_is_no_token_opens_nothing() {
        callers(callers -> assertThatThrownBy(() -> callers.authenticate(new BearerTokenAuthenticationToken("word")))
                .isInstanceOf(InvalidBearerTokenException.class));
    }

    @Test
    void an_issuer_that_cannot_be_asked_is_not_the_callers_fault() {
        server.stop(0);
        callers(callers -> assertThatThrownBy(() -> callers.authenticate(token(it -> it)))
                .isInstanceOf(AuthenticationServiceException.class));
    }

    private void refused(Callers callers, UnaryOperator<JWTClaimsSet.Builder> change) {
        assertThatThrownBy(() -> callers.authenticate(token(change))).isInstanceOf(InvalidBearerTokenException.class);
    }

    private void callers(Consumer<Callers> test) {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OAuth2ResourceServerAutoConfiguration.class))
                .withPropertyValues(
                        "spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer,
                        "spring.security.oauth2.resourceserver.jwt.audiences=mallstream")
                .run(context -> test.accept(new Callers(List.of(), context.getBean(JwtDecoder.class))));
    }

    private BearerTokenAuthenticationToken token(UnaryOperator<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("collector")
                .audience("mallstream")
                .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))))
                .claim("roles", List.of("api", "ALL_MALLS"))
                .claim("malls", List.of("mall-1"));
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("1").build(),
                change.apply(claims).build());
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return new BearerTokenAuthenticationToken(jwt.serialize());
    }

    private void serve(String path, String json) {
        server.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
