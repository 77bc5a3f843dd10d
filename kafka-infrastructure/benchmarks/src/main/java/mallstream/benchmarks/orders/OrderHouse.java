package mallstream.benchmarks.orders;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import mallstream.benchmarks.engine.House;
import mallstream.kafka.consume.CallGate;
import mallstream.kafka.consume.Subscription;
import mallstream.kafka.consume.Subscriptions;
import mallstream.order.adapter.out.naverpay.NaverSettings;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.UseCase;
import mallstream.order.application.port.out.PublishChannelOrders;
import mallstream.order.model.Channel;
import mallstream.order.model.MallId;
import mallstream.order.model.OrderOwners;
import mallstream.order.model.OrderSettings;
import org.springframework.beans.factory.config.BeanPostProcessor;
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

/** The order domain as the platform puts it together, with or without the engine and its binding. */
final class OrderHouse {
    private OrderHouse() {}

    /**
     * The domain alone.
     *
     * @param database where it is
     * @param from number of changes after which {@link Applied} measures
     */
    static AnnotationConfigApplicationContext domain(String database, long from) {
        AnnotationConfigApplicationContext context = prepared(database, from);
        context.refresh();
        return context;
    }

    /**
     * The domain and the engine, with the subscription just as the binding declares it but for topic and name.
     *
     * @param database where it is
     * @param from number of changes after which {@link Applied} measures
     * @param bootstrap where the broker is
     * @param topic what it reads
     * @param name no other run's
     * @param settings those of the subscription
     */
    static AnnotationConfigApplicationContext engine(
            String database, long from, String bootstrap, String topic, String name, Map<String, String> settings) {
        AnnotationConfigApplicationContext context = prepared(database, from);
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.application.name", "mallstream");
        properties.put("spring.kafka.bootstrap-servers", bootstrap);
        settings.forEach((key, value) -> properties.put("mallstream.consume." + name + "." + key, value));
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("benchmark", properties));
        context.registerBean("named", BeanPostProcessor.class, () -> new Named(topic, name));
        context.register(KafkaAutoConfiguration.class, House.class, Binding.class);
        context.refresh();
        return context;
    }

    private static AnnotationConfigApplicationContext prepared(String database, long from) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.setAllowBeanDefinitionOverriding(true);
        context.registerBean(DataSource.class, () -> OrderDatabase.pool(database));
        context.registerBean(PublishChannelOrders.class, () -> OrderHouse::nobodyHandsIn);
        context.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry());
        // Nothing is pulled.
        context.registerBean(
                NaverSettings.class,
                () -> new NaverSettings(
                        URI.create("http://localhost"), Duration.ofMinutes(1), Duration.ofMinutes(10), List.of()));
        context.registerBean(OrderSettings.class, () -> new OrderSettings(Map.of(), Map.of()));
        context.registerBean(OrderOwners.class, () -> new OrderSettings(Map.of(), Map.of()).owners(Set.of()));
        context.registerBean("clock", Clock.class, Clock::systemUTC);
        context.registerBean("random", RandomGenerator.class, RandomGenerator::getDefault);
        context.registerBean("watched", BeanPostProcessor.class, () -> new Watched(from));
        context.register(
                DataSourceTransactionManagerAutoConfiguration.class,
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                Domain.class);
        return context;
    }

    private static void nobodyHandsIn(Channel channel, MallId mallId, byte[] body) {
        throw new IllegalStateException("nobody hands in an order here");
    }

    /** Without web and timers: their work would be measured, too. */
    @Configuration(proxyBeanMethods = false)
    @ComponentScan(
            basePackages = "mallstream.order",
            includeFilters = @Filter(UseCase.class),
            excludeFilters = @Filter(type = FilterType.REGEX, pattern = "mallstream\\.order\\.adapter\\.in\\..*"))
    static class Domain {}

    /** What House leaves out. */
    @Configuration(proxyBeanMethods = false)
    @ComponentScan("mallstream.kafka.order")
    static class Binding {}

    private record Watched(long from) implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof ApplyChannelOrders orders && !(bean instanceof Applied)
                    ? new Applied(orders, from)
                    : bean;
        }
    }

    private record Named(String topic, String name) implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (bean instanceof CallGate) {
                return new CallGate(OrderDatabase.CALLS);
            }
            if (!(bean instanceof Subscriptions declared)) {
                return bean;
            }
            List<Subscription<?>> named = declared.all().stream()
                    .filter(each -> each.name().equals("shopby"))
                    .<Subscription<?>>map(this::named)
                    .toList();
            return (Subscriptions) () -> named;
        }

        private <E> Subscription<E> named(Subscription<E> declared) {
            return new Subscription<>(
                    declared.domain(),
                    name,
                    topic,
                    declared.startsAt(),
                    declared.batch(),
                    declared.decoder(),
                    declared.handler(),
                    declared.owner(),
                    declared.passesGate(),
                    declared.finer(),
                    declared.hotKeys());
        }
    }
}
