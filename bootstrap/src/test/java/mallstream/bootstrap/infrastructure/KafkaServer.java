package mallstream.bootstrap.infrastructure;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One Kafka broker that is its own controller, in this JVM. It is Kafka's server class and not spring-kafka-test's
 * broker, which takes no wanted port and cannot come back on its data.
 */
final class KafkaServer {

    private static final int NODE = 1;

    private final String address;
    private final KafkaConfig settings;
    private KafkaRaftServer server;

    /**
     * Formats the folder and starts.
     *
     * @param folder an existing, empty folder
     * @param port a free port
     */
    KafkaServer(Path folder, int port) {
        address = "localhost:" + port;
        String controller = "localhost:" + Ports.free();
        settings = new KafkaConfig(Map.ofEntries(
                Map.entry("node.id", Integer.toString(NODE)),
                Map.entry("process.roles", "broker,controller"),
                Map.entry("listeners", "PLAINTEXT://" + address + ",CONTROLLER://" + controller),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("controller.quorum.voters", NODE + "@" + controller),
                Map.entry("log.dirs", folder.toString()),
                // The platform creates its topics itself; a mistyped name must not create one.
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // 128 MB of heap by default, which a laptop and a test JVM have no use for.
                Map.entry("log.cleaner.dedupe.buffer.size", "4194304")));
        format(folder);
        server = started();
    }

    private static void format(Path folder) {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
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
