package mallstream.bootstrap.infrastructure;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;

/** Tells Spring Boot where the embedded servers are. */
@ConditionalOnProperty(name = "infrastructure", havingValue = "embedded", matchIfMissing = true)
class EmbeddedConnections {

    @Bean
    static KafkaConnectionDetails kafkaConnection() {
        List<String> servers = List.of(Infrastructure.running().bootstrapServers());
        return () -> servers;
    }

    @Bean
    static JdbcConnectionDetails databaseConnection() {
        Infrastructure running = Infrastructure.running();
        return new JdbcConnectionDetails() {
            @Override
            public String getJdbcUrl() {
                return running.jdbcUrl();
            }

            @Override
            public String getUsername() {
                return running.username();
            }

            @Override
            public String getPassword() {
                return running.password();
            }
        };
    }
}
