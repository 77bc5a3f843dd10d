package mallstream.bootstrap;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Describes the interface, served at {@code /v3/api-docs}. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {
    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info()
                        .title("Mallstream")
                        .version("1")
                        .description("Errors are problem details (RFC 9457), media type application/problem+json."))
                .components(new Components()
                        .addSecuritySchemes(
                                "key",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("A key of mallstream.security.keys, or a JWT of the issuer.")))
                .addSecurityItem(new SecurityRequirement().addList("key"));
    }
}
