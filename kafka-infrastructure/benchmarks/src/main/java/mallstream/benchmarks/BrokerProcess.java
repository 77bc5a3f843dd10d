package mallstream.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.springframework.util.FileSystemUtils;

/** One Kafka broker in a process of its own, with a folder that is removed at the end. */
public final class BrokerProcess {
    private static final String OPTIONS = "-Xmx512m -XX:+UseSerialGC";
    private static final String ADDRESS = "address ";

    private BrokerProcess() {}

    /** Starts one; its address is read by {@link #address}. */
    public static Child start() {
        return Child.start(BrokerProcess.class, OPTIONS);
    }

    /**
     * @param broker a process that was just started
     * @return where it is reached, host and port
     */
    public static String address(Child broker) {
        return broker.line(ADDRESS);
    }

    /**
     * Runs until standard input ends.
     *
     * @param arguments none
     * @throws Exception if the broker can't be started
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("benchmark-kafka");
        String address = "127.0.0.1:" + freePort();
        KafkaRaftServer server = new KafkaRaftServer(settings(folder, address, "127.0.0.1:" + freePort()), Time.SYSTEM);
        try {
            server.startup();
            Out.line(ADDRESS + "%s", address);
            Child.awaitEnd();
        } finally {
            server.shutdown();
            server.awaitShutdown();
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static KafkaConfig settings(Path folder, String address, String controller) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .addDirectory(folder.toString())
                .setMetadataLogDirectory(folder.toString())
                .run();
        return new KafkaConfig(Map.ofEntries(
                Map.entry("node.id", "1"),
                Map.entry("process.roles", "broker,controller"),
                Map.entry("listeners", "PLAINTEXT://" + address + ",CONTROLLER://" + controller),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("controller.quorum.voters", "1@" + controller),
                Map.entry("log.dirs", folder.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // Members of KIP-848 move partitions at their heartbeats, which the broker sets.
                Map.entry("group.consumer.min.heartbeat.interval.ms", "500"),
                Map.entry("group.consumer.heartbeat.interval.ms", "500"),
                Map.entry("log.cleaner.backoff.ms", "200"),
                Map.entry("log.cleaner.dedupe.buffer.size", "4194304")));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
