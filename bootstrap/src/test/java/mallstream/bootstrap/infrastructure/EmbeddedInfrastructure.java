package mallstream.bootstrap.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real servers without Docker: Kafka in this JVM, PostgreSQL beside it, both in one temporary folder. */
final class EmbeddedInfrastructure implements Infrastructure {

    private final KafkaServer kafka;
    private final PostgresServer postgres;

    /** Starts both; a wanted port that is taken, or 0, means any free one. */
    EmbeddedInfrastructure(int kafkaPort, int databasePort) {
        try {
            Path folder = Files.createTempDirectory("mallstream-");
            postgres = new PostgresServer(folder, Ports.preferably(databasePort));
            kafka = new KafkaServer(Files.createDirectory(folder.resolve("kafka")), Ports.preferably(kafkaPort));
        } catch (IOException cause) {
            throw new UncheckedIOException("No temporary folder can be made", cause);
        }
        postgres.awaitStart();
    }

    @Override
    public String bootstrapServers() {
        return kafka.address();
    }

    @Override
    public String jdbcUrl() {
        return postgres.jdbcUrl();
    }

    @Override
    public String username() {
        return PostgresServer.NAME;
    }

    @Override
    public String password() {
        return PostgresServer.NAME;
    }

    @Override
    public void stopBroker() {
        kafka.stop();
    }

    @Override
    public void startBroker() {
        kafka.start();
    }

    @Override
    public void stopDatabase() {
        postgres.stop();
    }

    @Override
    public void startDatabase() {
        postgres.start();
    }

    /** The broker goes first: it would write into the folder while PostgreSQL's guard deletes it. */
    @Override
    public void close() {
        kafka.stop();
        postgres.close();
    }
}
