package mallstream.order.testing;

import java.time.Clock;
import javax.sql.DataSource;
import mallstream.order.application.port.in.UseCase;
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
    Clock clock() {
        return Clock.systemUTC();
    }
}
