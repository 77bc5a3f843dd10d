package mallstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/** Settings as Spring Boot hands them to the clients; nobody listens at any of the addresses. */
class ClientSettingsTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
            .withPropertyValues("spring.kafka.bootstrap-servers=127.0.0.1:1");

    private void check(String setting) {
        runner.withPropertyValues(setting).run(context -> {
            assertThat(context).hasNotFailed();
            new Broker(
                            context.getBean(KafkaAdmin.class),
                            context.getBean(ProducerFactory.class),
                            context.getBean(ConsumerFactory.class))
                    .refuseWrongSettings();
        });
    }

    private void refused(String setting, String... words) {
        assertThat(catchThrowableOfType(StartRefused.class, () -> check(setting)))
                .as(setting)
                .hasMessageContainingAll(words)
                .hasMessageContaining(" -> ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:",
                "localhost:eighty",
                "localhost:0",
                "localhost:65536",
                "localhost:99999999999",
                "localhost:9092 otherhost",
                "localhost:9092,localhost"
            })
    void an_address_without_a_port_is_refused(String servers) {
        refused("spring.kafka.bootstrap-servers=" + servers, "host:port", "SPRING_KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void what_may_be_a_password_is_not_told() {
        assertThat(catchThrowableOfType(
                        StartRefused.class, () -> check("spring.kafka.bootstrap-servers=hong:hidden@localhost")))
                .hasMessageContaining(" localhost ")
                .hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nowhere.invalid:9092",
                "nowhere.invalid:9092,also-nowhere.invalid:9092",
                "[::1]:9092",
                "SSL://broker.invalid:9093"
            })
    void an_address_that_leads_nowhere_now_is_taken(String servers) {
        assertThatCode(() -> check("spring.kafka.bootstrap-servers=" + servers)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "spring.kafka.consumer.properties[max.poll.interval.ms]=soon, max.poll.interval.ms, spring.kafka.consumer",
        "spring.kafka.consumer.properties[isolation.level]=none, isolation.level, spring.kafka.consumer",
        "spring.kafka.producer.properties[compression.type]=rar, compression.type, spring.kafka.producer",
        "spring.kafka.producer.properties[linger.ms]=6000, linger.ms, spring.kafka.producer",
        "spring.kafka.admin.properties[request.timeout.ms]=60000, request.timeout.ms, spring.kafka.admin",
        "spring.kafka.properties[security.protocol]=TLS, security.protocol, spring.kafka.properties",
    })
    void a_value_that_a_client_does_not_take_is_refused(String setting, String key, String where) {
        refused(setting, key, where);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.kafka.consumer.properties[max.poll.interval.ms]=60000",
                "spring.kafka.consumer.value-deserializer=org.apache.kafka.common.serialization.LongDeserializer",
                "spring.kafka.producer.properties[linger.ms]=100",
                "spring.kafka.properties[of.some.plugin]=x"
            })
    void a_value_that_the_clients_take_is_taken(String setting) {
        assertThatCode(() -> check(setting)).doesNotThrowAnyException();
    }
}
