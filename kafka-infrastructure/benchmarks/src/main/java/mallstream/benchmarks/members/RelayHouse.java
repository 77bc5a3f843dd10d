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

/** The outbox as the platform puts it together: who appends, and the relay with its timer, use case, SQL and producer. */
final class RelayHouse {
    private static final int POOL = 10;
    /** How far the clocks of two machines differ. */
    private static final Duration APART = Duration.ofMinutes(5);

    private RelayHouse() {}

    /**
     * A clock that goes five minutes before the one with the number below.
     *
     * @param number 0 for the clock of this machine
     */
    static Clock clock(int number) {
        return Clock.offset(Clock.systemUTC(), APART.multipliedBy(number));
    }

    /**
     * What appends, and its transactions.
     *
     * @param database where it is
     * @param connections at the same time
     */
    static AnnotationConfigApplicationContext writers(String database, int connections) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(DataSource.class, () -> pool(database, connections));
        context.register(
                DataSourceTransactionManagerAutoConfiguration.class,
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                Append.class);
        context.refresh();
        return context;
    }

    /**
     * Starts a relay; it relays from then on.
     *
     * @param database where it is
     * @param bootstrap where the broker is
     * @param partitions of the topics, where they are missing
     * @param clock what the relay reads wherever it wants the time; records are stamped by Kafka's producer all the same,
     *     which knows the machine's only
     */
    static AnnotationConfigApplicationContext start(String database, String bootstrap, int partitions, Clock clock) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "benchmark",
                        Map.of("spring.kafka.bootstrap-servers", bootstrap, "spring.task.scheduling.pool.size", 8)));
        context.registerBean(DataSource.class, () -> pool(database, POOL));
        context.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
        context.registerBean(
                TopicSettings.class, () -> new TopicSettings(partitions, 1, 1, Duration.ofDays(1), Duration.ofDays(1)));
        context.registerBean("clock", Clock.class, () -> clock);
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

    private static HikariDataSource pool(String url, int most) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(most);
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

    @Configuration(proxyBeanMethods = false)
    @ComponentScan(
            basePackages = "mallstream.member",
            useDefaultFilters = false,
            includeFilters = @Filter(type = FilterType.REGEX, pattern = ".*\\.(JdbcOutbox|JpaTransactions)"))
    static class Append {}
}
