package mallstream.bootstrap.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * PostgreSQL and a cluster of brokers, each in a process of its own, for one trial alone. Every broker is reached at a
 * second address too, which goes through a {@link Link} of its own: a client that is given {@link #linkedServers()} is
 * cut off from the cluster, and nobody else is, by cutting the {@link #links()}.
 */
public final class ProcessInfrastructure implements Infrastructure, AutoCloseable {
    private final List<KafkaProcess> brokers = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final List<Integer> linkPorts = new ArrayList<>();
    private final PostgresServer postgres;

    /**
     * Starts all and waits until all are up.
     *
     * @param count how many brokers; of three or more every record has three copies, and two confirm it
     */
    public ProcessInfrastructure(int count) {
        try {
            Path folder = Files.createTempDirectory("mallstream-");
            postgres = new PostgresServer(folder, Ports.free());
            String cluster = Uuid.randomUuid().toString();
            List<Integer> controllers =
                    IntStream.range(0, count).mapToObj(i -> Ports.free()).toList();
            String voters = IntStream.range(0, count)
                    .mapToObj(i -> i + 1 + "@localhost:" + controllers.get(i))
                    .collect(Collectors.joining(","));
            for (int i = 0; i < count; i++) {
                int port = Ports.free();
                int target = Ports.free();
                int entry = Ports.free();
                links.add(new Link(entry, target));
                linkPorts.add(entry);
                Map<String, String> settings = new HashMap<>(KafkaServer.copies(Math.min(count, 3), count < 3 ? 1 : 2));
                settings.put("node.id", Integer.toString(i + 1));
                settings.put(
                        "listeners",
                        "PLAINTEXT://localhost:%d,LINKED://localhost:%d,CONTROLLER://localhost:%d"
                                .formatted(port, target, controllers.get(i)));
                settings.put(
                        "advertised.listeners",
                        "PLAINTEXT://localhost:%d,LINKED://localhost:%d".formatted(port, entry));
                settings.put(
                        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,LINKED:PLAINTEXT,CONTROLLER:PLAINTEXT");
                settings.put("inter.broker.listener.name", "PLAINTEXT");
                settings.put("controller.quorum.voters", voters);
                // As the classic sessions of the trials; these are the broker's to set.
                settings.put("group.consumer.min.session.timeout.ms", "6000");
                settings.put("group.consumer.session.timeout.ms", "6000");
                settings.put("group.consumer.min.heartbeat.interval.ms", "2000");
                settings.put("group.consumer.heartbeat.interval.ms", "2000");
                Path own = Files.createDirectory(folder.resolve("kafka-" + (i + 1)));
                brokers.add(new KafkaProcess(own, port, cluster, settings));
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("No temporary folder can be made", cause);
        }
        startBroker();
        postgres.awaitStart();
    }

    /** Kills one broker with SIGKILL. */
    public void killBroker(int index) {
        brokers.get(index).kill();
    }

    /** Brings a broker back that was killed, and waits until it serves. */
    public void startBroker(int index) {
        brokers.get(index).begin();
        brokers.get(index).awaitStart();
    }

    /** The addresses through the {@link #links()}, {@code host:port}. */
    public String linkedServers() {
        return linkPorts.stream().map(port -> "localhost:" + port).collect(Collectors.joining(","));
    }

    /** The way to each broker for whoever was given {@link #linkedServers()}. */
    public List<Link> links() {
        return links;
    }

    @Override
    public String bootstrapServers() {
        return brokers.stream().map(KafkaProcess::address).collect(Collectors.joining(","));
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

    /** All brokers. */
    @Override
    public void stopBroker() {
        brokers.forEach(KafkaProcess::kill);
    }

    /** All brokers. */
    @Override
    public void startBroker() {
        brokers.forEach(KafkaProcess::begin);
        brokers.forEach(KafkaProcess::awaitStart);
    }

    @Override
    public void stopDatabase() {
        postgres.stop();
    }

    @Override
    public void startDatabase() {
        postgres.start();
    }

    /** The brokers go first, as in {@link EmbeddedInfrastructure}. */
    @Override
    public void close() {
        links.forEach(Link::close);
        stopBroker();
        postgres.close();
    }
}
