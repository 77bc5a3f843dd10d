package mallstream.kafka.consume;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ConsumeConfiguration {

    @Bean
    SubscriptionCatalog subscriptionCatalog(List<Subscriptions> offers) {
        return new SubscriptionCatalog(offers);
    }

    @Bean
    ConsumeSettings consumeSettings(Environment environment, SubscriptionCatalog catalog) {
        return ConsumeSettings.read(new Keys(environment, "mallstream.consume"), catalog);
    }

    @Bean
    ConsumerStarter consumerStarter(
            SubscriptionCatalog catalog,
            ConsumeSettings settings,
            Broker broker,
            OwnTopics topics,
            MeterRegistry registry,
            Clock clock,
            RandomGenerator random) {
        Map<String, ConsumeMeters> meters = catalog.all().stream()
                .collect(Collectors.toMap(Subscription::name, each -> new ConsumeMeters(registry, each.name())));
        StartPositions positions = new StartPositions(broker, new JsonMapper());
        return new ConsumerStarter(catalog, settings, broker, topics, positions, meters, instance(), clock, random);
    }

    /** Its name makes it {@code consumers} under {@code /actuator/health}. */
    @Bean
    ConsumerHealth consumersHealthContributor(ConsumerStarter starter, SubscriptionCatalog catalog, Broker broker) {
        return new ConsumerHealth(starter, catalog, broker);
    }

    /** Host and process: unique where instances share a host, and where each has a container of its own. */
    private static String instance() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return host + "-" + ProcessHandle.current().pid();
    }
}
