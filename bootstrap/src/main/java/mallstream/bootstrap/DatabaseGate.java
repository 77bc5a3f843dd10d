package mallstream.bootstrap;

import com.zaxxer.hikari.HikariDataSource;
import mallstream.kafka.consume.CallGate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where consumers that need the database wait for their turn. */
@Configuration(proxyBeanMethods = false)
class DatabaseGate {
    @Bean
    CallGate callGate(GateSettings settings, HikariDataSource pool) {
        return settings.gate(pool.getMaximumPoolSize());
    }
}
