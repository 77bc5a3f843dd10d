package mallstream.benchmarks.members;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.TopicSettings;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.MapPropertySource;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The relay of the outbox as the platform puts it together: its timer, its use case, its SQL and the producer. */
final class RelayHouse {
    private static final int POOL = 10;

    private RelayHouse() {}

    /**
     * Starts it; it relays from then on.
     *
     * @param database where it is
     * @param bootstrap where the broker is
     * @param partitions of the topics, where they are missing
     */
    static AnnotationConfigApplicationContext start(String database, String bootstrap, int partitions) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "benchmark",
                        Map.of("spring.kafka.bootstrap-servers", bootstrap, "spring.task.scheduling.pool.size", 8)));
        context.registerBean(DataSource.class, () -> pool(database));
        context.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
        context.registerBean(
                TopicSettings.class, () -> new TopicSettings(partitions, 1, 1, Duration.ofDays(1), Duration.ofDays(1)));
        context.registerBean("clock", Clock.class, Clock::systemUTC);
        context.register(
                DataSourceTransactionManagerAutoConfiguration.class,
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                KafkaAutoConfiguration.class,
                TaskSchedulingAutoConfiguration.class,
                Relay.class);
        context.refresh();
        // In the platform the consumers' start does this; nothing is published before.
        context.getBean(OwnTopics.class).createFor(Map.of());
        return context;
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL);
        return new HikariDataSource(config);
    }

    /** Without the consumers and the other timers: their work would be measured, too. */
    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    @ComponentScan(
            basePackages = {"mallstream.member", "mallstream.kafka"},
            useDefaultFilters = false,
            includeFilters =
                    @Filter(
                            type = FilterType.REGEX,
                            pattern = ".*\\.(RelayingEvents|OutboxTimer|JdbcOutbox|JpaTransactions"
                                    + "|KafkaConfiguration|ProduceConfiguration)"))
    static class Relay {}
}
