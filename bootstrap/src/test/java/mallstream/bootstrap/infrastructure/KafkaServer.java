package mallstream.bootstrap.infrastructure;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker and controller in this JVM. It is Kafka's server class and not spring-kafka-test's broker, which takes
 * no wanted port and cannot come back on its data.
 */
final class KafkaServer {

    private final String address;
    private final KafkaConfig settings;
    private KafkaRaftServer server;

    /**
     * Formats the folder and starts a cluster of one.
     *
     * @param folder an existing, empty folder
     * @param port a free port
     */
    KafkaServer(Path folder, int port) {
        this(folder, port, Uuid.randomUuid().toString(), alone(port));
    }

    /**
     * Starts a broker, on the data that its folder has from an earlier start, or formats it.
     *
     * @param folder an existing folder
     * @param port a free port
     * @param cluster the id of its cluster
     * @param settings which node it is and how it is reached, and whatever differs from the usual settings
     */
    KafkaServer(Path folder, int port, String cluster, Map<String, String> settings) {
        address = "localhost:" + port;
        Map<String, String> all = new HashMap<>(Map.of(
                "process.roles", "broker,controller",
                "controller.listener.names", "CONTROLLER",
                "log.dirs", folder.toString(),
                // The platform creates its topics itself; a mistyped name must not create one.
                "auto.create.topics.enable", "false",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.num.partitions", "4",
                "group.initial.rebalance.delay.ms", "0",
                // 128 MB of heap by default, which a laptop and a test JVM have no use for.
                "log.cleaner.dedupe.buffer.size", "4194304"));
        all.putAll(settings);
        this.settings = new KafkaConfig(all);
        if (!Files.exists(folder.resolve("meta.properties"))) {
            format(folder, Integer.parseInt(settings.get("node.id")), cluster);
        }
        server = started();
    }

    private static Map<String, String> alone(int port) {
        String controller = "localhost:" + Ports.free();
        Map<String, String> settings = new HashMap<>(copies(1, 1));
        settings.put("node.id", "1");
        settings.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://" + controller);
        settings.put("controller.quorum.voters", "1@" + controller);
        return settings;
    }

    /**
     * @param replication copies of the brokers' own topics, and of those that are created without a number
     * @param insync how many of them must have a record before it is confirmed
     * @return the settings that say so
     */
    static Map<String, String> copies(int replication, int insync) {
        String copies = Integer.toString(replication);
        String least = Integer.toString(insync);
        return Map.of(
                "default.replication.factor", copies,
                "min.insync.replicas", least,
                "offsets.topic.replication.factor", copies,
                "transaction.state.log.replication.factor", copies,
                "transaction.state.log.min.isr", least,
                "share.coordinator.state.topic.replication.factor", copies,
                "share.coordinator.state.topic.min.isr", least);
    }

    private static void format(Path folder, int node, String cluster) {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(node)
                    .setClusterId(cluster)
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(folder.toString())
                    .setMetadataLogDirectory(folder.toString())
                    .run();
        } catch (Exception cause) {
            throw new IllegalStateException("Kafka's folder cannot be formatted: " + folder, cause);
        }
    }

    private KafkaRaftServer started() {
        KafkaRaftServer started = new KafkaRaftServer(settings, Time.SYSTEM);
        started.startup();
        return started;
    }

    /** {@code host:port}, the same after a restart. */
    String address() {
        return address;
    }

    void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    void start() {
        server = started();
    }
}
