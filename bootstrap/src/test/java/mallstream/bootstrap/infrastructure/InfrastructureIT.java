package mallstream.bootstrap.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class InfrastructureIT {

    /** One of its own: its outages would disturb the other tests of this JVM. */
    private static final Infrastructure infrastructure = RunningInfrastructure.start(0, 0);

    @AfterAll
    static void close() {
        infrastructure.close();
    }

    @Test
    void a_broker_comes_back_with_its_topics_on_its_address() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic("infrastructure-it", 1, (short) 1)))
                    .all()
                    .get();
        }
        infrastructure.stopBroker();
        try (Admin admin = admin()) {
            assertThatThrownBy(() -> admin.listTopics().names().get())
                    .rootCause()
                    .isInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);
        } finally {
            infrastructure.startBroker();
        }
        try (Admin admin = admin()) {
            // A broker that was only paused may have to hear of it from its controller first.
            await("topic")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> admin.listTopics().names().get().contains("infrastructure-it"));
        }
    }

    @Test
    void a_database_comes_back_with_its_tables_on_its_address() throws SQLException {
        execute("create table infrastructure_it as select 1 as kept");
        infrastructure.stopDatabase();
        try {
            assertThatThrownBy(() -> execute("select 1")).isInstanceOf(SQLException.class);
        } finally {
            infrastructure.startDatabase();
        }
        execute("drop table infrastructure_it");
    }

    @Test
    void the_database_is_of_the_version_that_production_uses() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("show server_version_num")) {
            answer.next();
            assertThat(answer.getInt(1)).isGreaterThanOrEqualTo(150_000);
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers",
                infrastructure.bootstrapServers(),
                "default.api.timeout.ms",
                "3000",
                "request.timeout.ms",
                "2000"));
    }

    private static void execute(String statement) throws SQLException {
        try (Connection connection = connection();
                Statement executed = connection.createStatement()) {
            executed.execute(statement);
        }
    }

    private static Connection connection() throws SQLException {
        return DriverManager.getConnection(
                infrastructure.jdbcUrl() + "?connectTimeout=3&socketTimeout=3",
                infrastructure.username(),
                infrastructure.password());
    }
}
