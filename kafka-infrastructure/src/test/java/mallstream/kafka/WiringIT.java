package mallstream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import mallstream.kafka.consume.CallGate;
import mallstream.kafka.order.OneHotMall;
import mallstream.member.application.port.in.EachSignUp;
import mallstream.member.application.port.in.Outcome;
import mallstream.member.application.port.in.Reaction;
import mallstream.member.application.port.out.PublishEvents;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.out.PublishChannelOrders;
import mallstream.order.model.Channel;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.util.unit.DataSize;

/** The house as the application puts it together, with Spring Boot's own factories. */
class WiringIT {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    KafkaAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class))
            .withPropertyValues("spring.kafka.bootstrap-servers=" + TestKafka.bootstrap())
            .withUserConfiguration(House.class);

    @Configuration(proxyBeanMethods = false)
    @ComponentScan(
            basePackages = "mallstream.kafka",
            excludeFilters = @Filter(type = FilterType.REGEX, pattern = ".*IT\\$.*"))
    static class House {
        @Bean
        Welcome welcome() {
            return new Welcome();
        }

        @Bean
        Orders orders() {
            return new Orders();
        }

        @Bean
        OneHotMall lanes() {
            return new OneHotMall();
        }

        @Bean
        TopicSettings topicSettings() {
            return new TopicSettings(8, 1, 1, Duration.ofDays(7), Duration.ofDays(30));
        }

        @Bean
        BudgetSettings budgetSettings() {
            return new BudgetSettings(DataSize.ofMegabytes(64));
        }

        @Bean
        CallGate gate() {
            return new CallGate(8);
        }

        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        RandomGenerator random() {
            return new Random(11);
        }
    }

    @Reaction(value = "welcome", startsAt = Reaction.StartsAt.RETAINED)
    static class Welcome implements EachSignUp {
        final List<MemberSignedUp> seen = new CopyOnWriteArrayList<>();

        @Override
        public Outcome on(MemberSignedUp signUp) {
            seen.add(signUp);
            return new Outcome.Done();
        }
    }

    static class Orders implements ApplyChannelOrders {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public List<mallstream.order.application.port.in.Outcome> apply(List<ChannelOrder> orders) {
            orders.forEach(
                    each -> seen.add(each.channel() + " " + each.mallId() + " " + new String(each.body(), UTF_8)));
            return Collections.nCopies(orders.size(), new mallstream.order.application.port.in.Outcome.Done());
        }
    }

    @Test
    void what_is_published_arrives_and_health_tells_of_each_subscription() {
        runner.run(context -> {
            MemberSignedUp signUp = new MemberSignedUp(
                    UUID.randomUUID(),
                    new MallId("mall-1"),
                    new MemberId(UUID.randomUUID()),
                    Clock.systemUTC().instant());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> context.getBean(OwnTopics.class).ready());
            assertThat(context.getBean(PublishEvents.class).publish(List.of(signUp)))
                    .containsExactly(true);
            context.getBean(PublishChannelOrders.class)
                    .publish(Channel.SHOPBY, new mallstream.order.model.MallId("mall-2"), "{}".getBytes(UTF_8));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> context.getBean(Welcome.class).seen.contains(signUp));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> context.getBean(Orders.class).seen.contains("SHOPBY mall-2 {}"));

            assertThat(context.getBean(HealthContributorRegistry.class).getContributor("consumers"))
                    .isInstanceOfSatisfying(
                            CompositeHealthContributor.class,
                            health -> assertThat(health.stream())
                                    .extracting(each -> each.name())
                                    .containsExactly("kafka", "godomall", "shopby", "welcome"));
        });
    }

    @Test
    void a_wrong_setting_ends_the_start() {
        runner.withPropertyValues("mallstream.consume.only=welcom")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(StartRefused.class)
                        .hasMessage(
                                "mallstream.consume.only=welcom is unknown; subscriptions: godomall, shopby, welcome"));
    }

    @Test
    void settings_that_kafka_takes_of_no_client_end_the_start_and_a_name_that_leads_nowhere_does_not() {
        refused("spring.kafka.bootstrap-servers=localhost", "localhost is not of the form host:port");
        refused("spring.kafka.consumer.properties[max.poll.interval.ms]=soon", "max.poll.interval.ms");
        runner.withPropertyValues("spring.kafka.bootstrap-servers=nowhere.invalid:9092")
                .run(context -> assertThat(context).hasNotFailed());
    }

    /** Of the two protocols of groups each refuses what belongs to the other. */
    @Test
    void a_setting_that_only_one_protocol_takes_ends_the_start_where_a_subscription_uses_the_other() {
        String heartbeat = "spring.kafka.consumer.heartbeat-interval=1s";
        refused(heartbeat, "heartbeat.interval.ms", "mallstream.consume.welcome.group-protocol=consumer");
        runner.withPropertyValues(
                        heartbeat,
                        "mallstream.consume.welcome.group-protocol=consumer",
                        "mallstream.consume.only=shopby")
                .run(context -> assertThat(context).hasNotFailed());
    }

    private void refused(String setting, String words, String... more) {
        runner.withPropertyValues(setting)
                .withPropertyValues(more)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(StartRefused.class)
                        .hasMessageContaining(words));
    }
}
