package mallstream.bootstrap.infrastructure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Tells Spring Boot where the containers are. */
@ConditionalOnProperty(name = "infrastructure", havingValue = "containers")
class ContainerConnections {

    @Bean
    @ServiceConnection
    static KafkaContainer kafka() {
        return running().kafka();
    }

    @Bean
    @ServiceConnection
    static PostgreSQLContainer postgres() {
        return running().postgres();
    }

    private static ContainerInfrastructure running() {
        return (ContainerInfrastructure) Infrastructure.running();
    }
}
