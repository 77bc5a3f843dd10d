package mallstream.bootstrap.infrastructure;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Kafka and PostgreSQL in Docker, on ports that Docker chooses. */
final class ContainerInfrastructure implements Infrastructure {

    private final KafkaContainer kafka = new LastingKafka();
    private final PostgreSQLContainer postgres = new LastingPostgres();

    ContainerInfrastructure() {
        Startables.deepStart(kafka, postgres).join();
    }

    KafkaContainer kafka() {
        return kafka;
    }

    PostgreSQLContainer postgres() {
        return postgres;
    }

    @Override
    public String bootstrapServers() {
        return kafka.getBootstrapServers().replace("PLAINTEXT://", "");
    }

    @Override
    public String jdbcUrl() {
        return postgres.getJdbcUrl();
    }

    @Override
    public String username() {
        return postgres.getUsername();
    }

    @Override
    public String password() {
        return postgres.getPassword();
    }

    @Override
    public void stopBroker() {
        pause(kafka);
    }

    @Override
    public void startBroker() {
        resume(kafka);
    }

    @Override
    public void stopDatabase() {
        pause(postgres);
    }

    @Override
    public void startDatabase() {
        resume(postgres);
    }

    @Override
    public void close() {
        kafka.stop();
        postgres.stop();
    }

    /** Pausing, because a container that is stopped comes back on another port. */
    private static void pause(GenericContainer<?> container) {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    private static void resume(GenericContainer<?> container) {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** Spring closes container beans with their context; this one is shared by the contexts of the JVM. */
    private static final class LastingKafka extends KafkaContainer {
        LastingKafka() {
            super("apache/kafka:4.2.1");
        }

        @Override
        public void close() {}
    }

    /** As {@link LastingKafka}. */
    private static final class LastingPostgres extends PostgreSQLContainer {
        LastingPostgres() {
            super("postgres:18-alpine");
            withDatabaseName(PostgresServer.NAME);
            withUsername(PostgresServer.NAME);
            withPassword(PostgresServer.NAME);
        }

        @Override
        public void close() {}
    }
}
