package mallstream.bootstrap.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mallstream.bootstrap.infrastructure.Infrastructure;
import mallstream.bootstrap.infrastructure.PlatformTest;

/** A process of the production jar. What it prints goes to {@code target/}. */
final class Jar implements AutoCloseable {
    private static final Path FILE = Path.of("target", "mallstream.jar");
    private static final AtomicInteger STARTED = new AtomicInteger();

    /** What a killed member held is given to others after 6 s; Kafka's default is 45 s. For the classic protocol. */
    static final Map<String, String> SHORT_SESSIONS = Map.of(
            "SPRING_KAFKA_CONSUMER_PROPERTIES_SESSION_TIMEOUT_MS", "6000",
            "SPRING_KAFKA_CONSUMER_PROPERTIES_HEARTBEAT_INTERVAL_MS", "2000");

    final int port = freePort();
    final int managementPort = freePort();
    /** What it prints. */
    final Path log = Path.of("target", "jar-" + STARTED.incrementAndGet() + ".log");

    private final Process process;

    private Jar(Infrastructure on, List<String> jvm, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", FILE.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.ofEntries(
                        Map.entry("SERVER_PORT", Integer.toString(port)),
                        Map.entry("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort)),
                        Map.entry("SPRING_KAFKA_BOOTSTRAP_SERVERS", on.bootstrapServers()),
                        Map.entry("SPRING_DATASOURCE_URL", on.jdbcUrl()),
                        Map.entry("SPRING_DATASOURCE_USERNAME", on.username()),
                        Map.entry("SPRING_DATASOURCE_PASSWORD", on.password()),
                        Map.entry("MALLSTREAM_SECRETS_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                        Map.entry("MALLSTREAM_SECURITY_KEYS_0_NAME", "test-api"),
                        Map.entry("MALLSTREAM_SECURITY_KEYS_0_ROLE", "api"),
                        Map.entry("MALLSTREAM_SECURITY_KEYS_0_SHA256", PlatformTest.API_KEY_SHA256),
                        Map.entry("MALLSTREAM_SECURITY_KEYS_1_NAME", "test-operator"),
                        Map.entry("MALLSTREAM_SECURITY_KEYS_1_ROLE", "operator"),
                        Map.entry("MALLSTREAM_SECURITY_KEYS_1_SHA256", PlatformTest.OPERATOR_KEY_SHA256)));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts without waiting, on the infrastructure of this JVM and with {@link #SHORT_SESSIONS}. */
    static Jar start(List<String> jvm, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(SHORT_SESSIONS);
        all.putAll(environment);
        return start(Infrastructure.running(), jvm, all);
    }

    /**
     * Starts without waiting.
     *
     * @param on where its broker and its database are
     * @param jvm options of its JVM
     * @param environment its settings besides addresses and keys, and before those
     */
    static Jar start(Infrastructure on, List<String> jvm, Map<String, String> environment) {
        return new Jar(on, jvm, environment);
    }

    static Jar start() {
        return start(List.of("-Xmx256m"), Map.of());
    }

    /** Waits until it answers and its consumers run; only the first is in the readiness probe. */
    void awaitReady() {
        await("readiness").atMost(Duration.ofMinutes(3)).until(this::isReady);
        await("consumers")
                .atMost(Duration.ofMinutes(1))
                .until(() -> management()
                        .get("/actuator/health/consumers")
                        .text("status")
                        .equals("UP"));
    }

    /** Whether its process runs, frozen or not. */
    boolean isAlive() {
        return process.isAlive();
    }

    Api api() {
        return new Api(port, PlatformTest.API_KEY);
    }

    Api management() {
        return new Api(managementPort, PlatformTest.OPERATOR_KEY);
    }

    long pid() {
        return process.pid();
    }

    /** SIGSTOP: it stands still, and its connections stay. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGKILL: nothing is said to anybody. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(10);
    }

    @Override
    public void close() {
        process.destroy();
        if (!awaitEnd(40)) {
            kill();
        }
    }

    private boolean awaitEnd(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the jar ended with " + process.exitValue() + ", see target/jar-*.log");
        }
        try {
            return management().get("/actuator/health/readiness").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
