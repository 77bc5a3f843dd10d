package mallstream.order.testing;

import java.time.Clock;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.OrderSettings;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;

/** The whole order domain with its web server and a real database; only the broker is a stand-in. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan(basePackages = "mallstream.order", includeFilters = @Filter(UseCase.class))
public class OrderModule {
    @Bean
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
    OrderOwners orderOwners(OrderSettings settings) {
        return settings.owners(Set.of());
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
