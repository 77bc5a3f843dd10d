package mallstream.bootstrap;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.session.DisableEncodeUrlFilter;

/**
 * Who may do what, on both ports. What no rule names is closed. Nothing is kept between requests: no session, so no
 * forged request to fear either.
 */
@Configuration(proxyBeanMethods = false)
class Security {
    private static final String VIEWER = "VIEWER";
    private static final String OPERATOR = "OPERATOR";
    private static final String API = "API";

    @Bean
    SecurityFilterChain rules(HttpSecurity http, SecuritySettings settings, ObjectProvider<JwtDecoder> decoder) {
        Callers callers = new Callers(settings.keys(), decoder.getIfAvailable());
        AuthenticationEntryPoint unauthorized = unauthorized();
        AccessDeniedHandler forbidden =
                (request, response, refusal) -> Problem.write(response, 403, "This key may not do that.");
        return http.authorizeHttpRequests(rules -> rules.requestMatchers(
                                HttpMethod.GET, "/actuator/health/liveness", "/actuator/health/readiness")
                        .permitAll()
                        // Dead letters show what callers sent, masked; a viewer needs none of it.
                        .requestMatchers(HttpMethod.GET, "/actuator/consumers/{name}/dead-letters/**")
                        .hasRole(OPERATOR)
                        .requestMatchers(HttpMethod.GET, "/actuator/**", "/v3/api-docs/**", "/v3/api-docs.yaml")
                        .hasAnyRole(VIEWER, OPERATOR)
                        .requestMatchers(HttpMethod.POST, "/actuator/**")
                        .hasRole(OPERATOR)
                        .requestMatchers("/api/malls/{mallId}/**", "/api/channels/{channel}/malls/{mallId}/**")
                        .access(AuthorizationManagers.allOf(AuthorityAuthorizationManager.hasRole(API), ownMall()))
                        // Texts of the platform, which its campaigns send in every mall.
                        .requestMatchers(HttpMethod.GET, "/api/notice-templates/{code}")
                        .hasAnyRole(VIEWER, OPERATOR)
                        .requestMatchers(HttpMethod.PUT, "/api/notice-templates/{code}")
                        .hasRole(OPERATOR)
                        .requestMatchers("/api/**")
                        .hasRole(API)
                        .anyRequest()
                        .denyAll())
                .oauth2ResourceServer(server -> server.authenticationManagerResolver(request -> callers)
                        .authenticationEntryPoint(unauthorized)
                        .accessDeniedHandler(forbidden))
                .exceptionHandling(
                        it -> it.authenticationEntryPoint(unauthorized).accessDeniedHandler(forbidden))
                .sessionManagement(it -> it.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .addFilterBefore(new ProblemFilter(), DisableEncodeUrlFilter.class)
                .addFilterAfter(new BodyLimit(), AuthorizationFilter.class)
                .build();
    }

    /** What the firewall turns down, such as an encoded slash, never reaches the rules. */
    @Bean
    RequestRejectedHandler rejected() {
        return (request, response, refusal) -> Problem.write(response, 400, "The address is malformed.");
    }

    private static AuthenticationEntryPoint unauthorized() {
        AuthenticationEntryPoint challenge = new BearerTokenAuthenticationEntryPoint();
        return (request, response, refusal) -> {
            challenge.commence(request, response, refusal);
            Problem.write(response, response.getStatus(), "Send Authorization: Bearer with a valid key.");
        };
    }

    /** Bodies and ids are the controllers' to check: they alone know which mall those name. */
    private static AuthorizationManager<RequestAuthorizationContext> ownMall() {
        return (caller, context) -> {
            String mall = "ROLE_MALL_" + context.getVariables().get("mallId");
            return new AuthorizationDecision(caller.get().getAuthorities().stream()
                    .anyMatch(granted ->
                            mall.equals(granted.getAuthority()) || "ROLE_ALL_MALLS".equals(granted.getAuthority())));
        };
    }
}
