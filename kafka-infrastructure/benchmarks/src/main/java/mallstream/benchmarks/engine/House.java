package mallstream.benchmarks.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import mallstream.kafka.Broker;
import mallstream.kafka.BudgetSettings;
import mallstream.kafka.TopicSettings;
import mallstream.kafka.consume.CallGate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.util.unit.DataSize;

/** The kafka house without the bindings of the domains, which would bring subscriptions of their own. */
@Configuration(proxyBeanMethods = false)
@ComponentScan(
        basePackageClasses = Broker.class,
        excludeFilters = @Filter(type = FilterType.REGEX, pattern = "mallstream\\.kafka\\.(member|order|produce)\\..*"))
public class House {
    @Bean
    TopicSettings topicSettings() {
        return new TopicSettings(8, 1, 1, Duration.ofDays(1), Duration.ofDays(1));
    }

    /** A quarter of the heap, as where nothing is set. */
    @Bean
    BudgetSettings budgetSettings() {
        return new BudgetSettings(DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 4));
    }

    /** The benchmarks' handlers need no database. */
    @Bean
    CallGate gate() {
        return new CallGate(1);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RandomGenerator random() {
        return RandomGenerator.getDefault();
    }
}
