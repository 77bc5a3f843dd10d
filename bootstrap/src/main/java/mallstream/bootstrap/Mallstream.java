package mallstream.bootstrap;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Starts the platform: finds the parts of all modules and puts them together.
 *
 * <p>The domains mark their classes with annotations of their own, because they know no Spring; the scan includes those.
 * Beans are named by their full class names, so that two domains may use one simple name.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
// Without the two exclusions Boot would make up a user with a password, and answer errors with a page of its own.
@EnableAutoConfiguration(exclude = {UserDetailsServiceAutoConfiguration.class, ErrorMvcAutoConfiguration.class})
// Entities and Spring Data interfaces are looked for here only, without a JPA type in this module.
@AutoConfigurationPackage(
        basePackages = {"mallstream.member.adapter.out.persistence", "mallstream.order.adapter.out.persistence"})
@ComponentScan(
        basePackages = "mallstream",
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class,
        includeFilters = @Filter({
            mallstream.member.application.port.in.UseCase.class,
            mallstream.member.application.port.in.Reaction.class,
            mallstream.order.application.port.in.UseCase.class
        }),
        excludeFilters = {
            @Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
            @Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class),
            // They belong to the management port, whose context is not this one.
            @Filter(
                    type = FilterType.ASSIGNABLE_TYPE,
                    classes = {ConsumersEndpoint.class, OrdersEndpoint.class})
        })
@EnableScheduling
@Import(Settings.class)
public class Mallstream {

    /**
     * @param arguments Spring Boot's command line, for instance {@code --server.port=8080}
     */
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(Mallstream.class);
        application.setBeanNameGenerator(FullyQualifiedAnnotationBeanNameGenerator.INSTANCE);
        application.run(arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RandomGenerator random() {
        return new SecureRandom();
    }
}
