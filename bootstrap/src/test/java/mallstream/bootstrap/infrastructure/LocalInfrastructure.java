package mallstream.bootstrap.infrastructure;

import java.util.concurrent.CountDownLatch;

/**
 * Starts Kafka and PostgreSQL only, on the usual ports where they are free, and stays: for production jars that are
 * started by hand, several at a time. {@code ./mvnw -Dlocal.main=mallstream.bootstrap.infrastructure.LocalInfrastructure}
 */
public final class LocalInfrastructure {

    private LocalInfrastructure() {}

    /**
     * @param arguments none
     */
    public static void main(String[] arguments) throws InterruptedException {
        Infrastructure running = RunningInfrastructure.get(9092, 5432);
        Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        LocalMallstream.say(
                """
                export SPRING_KAFKA_BOOTSTRAP_SERVERS=%s
                export SPRING_DATASOURCE_URL=%s
                export SPRING_DATASOURCE_USERNAME=%s
                export SPRING_DATASOURCE_PASSWORD=%s
                # Ctrl-C stops both. Nothing is kept.""".formatted(running.bootstrapServers(), running.jdbcUrl(), running.username(), running.password()));
        new CountDownLatch(1).await();
    }
}
