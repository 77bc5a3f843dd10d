package mallstream.bootstrap.infrastructure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;

/** Holds the one infrastructure of this JVM. */
final class RunningInfrastructure {

    private static @Nullable Infrastructure running;

    private RunningInfrastructure() {}

    /**
     * The running infrastructure, started if need be.
     *
     * @param kafkaPort the port to start Kafka on, 0 for any free one; containers choose their own
     * @param databasePort likewise for PostgreSQL
     */
    static synchronized Infrastructure get(int kafkaPort, int databasePort) {
        if (running == null) {
            running = start(kafkaPort, databasePort);
            // Spring Boot calls these when it has closed all applications, so none of them sees its database vanish.
            SpringApplication.getShutdownHandlers().add(running::close);
        }
        return running;
    }

    /** Starts one that the caller alone has, and closes. */
    static Infrastructure start(int kafkaPort, int databasePort) {
        String wanted = System.getProperty("infrastructure", "embedded");
        return switch (wanted) {
            case "embedded" -> new EmbeddedInfrastructure(kafkaPort, databasePort);
            case "containers" -> new ContainerInfrastructure();
            default ->
                throw new IllegalArgumentException(
                        "-Dinfrastructure=" + wanted + ": must be 'embedded' or 'containers'");
        };
    }
}
