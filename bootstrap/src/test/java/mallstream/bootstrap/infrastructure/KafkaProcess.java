package mallstream.bootstrap.infrastructure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KafkaServer} in a process of its own, which can be killed and comes back on its data. It ends with the
 * process that started it: its standard input ends then.
 */
final class KafkaProcess {
    private static final String STARTED = "started";
    private static final String SETTINGS = "broker.properties";

    private final Path folder;
    private final int port;
    private final String cluster;
    private @Nullable Process process;

    /**
     * Does not start it: see {@link #begin()}.
     *
     * @param folder an existing, empty folder
     * @param port a free port
     * @param cluster the id of its cluster
     * @param settings as {@link KafkaServer} takes them
     */
    KafkaProcess(Path folder, int port, String cluster, Map<String, String> settings) {
        this.folder = folder;
        this.port = port;
        this.cluster = cluster;
        Properties all = new Properties();
        all.putAll(settings);
        try (Writer file = Files.newBufferedWriter(folder.resolve(SETTINGS))) {
            all.store(file, null);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    String address() {
        return "localhost:" + port;
    }

    /** Starts it, and does not wait: a broker of several is up only when another one is. */
    void begin() {
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx400m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        KafkaProcess.class.getName(),
                        folder.toString(),
                        Integer.toString(port),
                        cluster))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            process = builder.start();
        } catch (IOException cause) {
            throw new UncheckedIOException("Kafka cannot be started", cause);
        }
    }

    /** Waits until it serves. */
    void awaitStart() {
        try {
            BufferedReader said = running().inputReader(UTF_8);
            String line = said.readLine();
            while (line != null && !line.equals(STARTED)) {
                line = said.readLine();
            }
            if (line == null) {
                throw new IllegalStateException("a broker ended before it was up");
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** SIGKILL, where there are signals; waits until it is gone. */
    void kill() {
        running().destroyForcibly();
        try {
            running().waitFor();
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
        }
    }

    private Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    /**
     * The broker's process.
     *
     * @param arguments folder, port and cluster
     * @throws IOException if the settings or standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(folder.resolve(SETTINGS))) {
            settings.load(file);
        }
        Map<String, String> all = new HashMap<>();
        settings.stringPropertyNames().forEach(name -> all.put(name, settings.getProperty(name)));
        new KafkaServer(folder, Integer.parseInt(arguments[1]), arguments[2], all);
        System.out.println(STARTED);
        try (var input = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            while (input.readLine() != null) {
                // Nobody says anything to it but the end.
            }
        }
        // Its data goes with whoever started it, so nothing is worth a shutdown in order.
        Runtime.getRuntime().halt(0);
    }
}
