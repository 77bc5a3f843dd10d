package mallstream.order.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import mallstream.order.adapter.out.naverpay.NaverSettings;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.OrderSettings;
import mallstream.order.model.PullPlan;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.env.Environment;
import standin.naver.NaverStub;

/** The whole order domain with its web server and a real database; only the broker is a stand-in. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan(basePackages = "mallstream.order", includeFilters = @Filter(UseCase.class))
public class OrderModule {
    /** It outlives this context, and others. */
    @Bean(destroyMethod = "")
    DataSource dataSource() {
        return TestDatabase.dataSource();
    }

    @Bean
    RecordedOrders recordedOrders() {
        return new RecordedOrders();
    }

    @Bean
    OrderSettings orderSettings() {
        return new OrderSettings(Map.of(), Map.of());
    }

    @Bean
    OrderOwners orderOwners(OrderSettings settings, PullPlan plan) {
        return settings.owners(
                plan.accounts().stream().map(PullPlan.Account::mallId).collect(Collectors.toSet()));
    }

    @Bean
    RandomGenerator random() {
        return new Random(1);
    }

    @Bean
    MeterRegistry meters() {
        return new SimpleMeterRegistry();
    }

    /** Nothing is pulled, unless a test names a {@link NaverStub} by {@code naver.url} and {@code naver.since}. */
    @Bean
    NaverSettings naverSettings(Environment environment) {
        String url = environment.getProperty("naver.url");
        return new NaverSettings(
                URI.create(url == null ? "http://localhost" : url),
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                url == null
                        ? List.of()
                        : List.of(new NaverSettings.Account(
                                "mall-1",
                                NaverStub.CLIENT_ID,
                                NaverStub.CLIENT_SECRET,
                                NaverSettings.Type.SELF,
                                null,
                                environment.getRequiredProperty("naver.since"))));
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }
}
