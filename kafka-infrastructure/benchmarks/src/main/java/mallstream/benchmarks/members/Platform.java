package mallstream.benchmarks.members;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mallstream.benchmarks.Pause;
import org.jspecify.annotations.Nullable;

/** The production jar in a process of its own, and its interface over HTTP. */
final class Platform implements AutoCloseable {
    private static final String API_KEY = "an-api-key-of-a-benchmark-0123456789abcdef";
    private static final String OPERATOR_KEY = "an-operator-key-of-a-benchmark-0123456789abcdef";
    private static final Duration START = Duration.ofMinutes(2);
    private static final int LOOK_MICROS = 200_000;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port = freePort();
    private final int managementPort = freePort();
    private final Path log;
    private final Process process;

    /**
     * Starts it, without waiting.
     *
     * @param jar the file
     * @param options of its JVM, separated by blanks
     * @param bootstrap where the broker is
     * @param database where PostgreSQL is
     * @param more settings, as environment variables
     */
    Platform(Path jar, String options, String bootstrap, String database, Map<String, String> more) {
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException(jar + " is not there: ./mvnw package -DskipTests makes it");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options.strip().split(" +", -1)));
        command.addAll(List.of("-jar", jar.toString()));
        try {
            log = Files.createTempFile("benchmark-platform", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment()
                    .putAll(Map.ofEntries(
                            Map.entry("SERVER_PORT", Integer.toString(port)),
                            Map.entry("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort)),
                            Map.entry("SPRING_KAFKA_BOOTSTRAP_SERVERS", bootstrap),
                            Map.entry("SPRING_DATASOURCE_URL", database),
                            Map.entry("SPRING_DATASOURCE_USERNAME", MemberDatabase.USER),
                            Map.entry("SPRING_DATASOURCE_PASSWORD", MemberDatabase.USER),
                            Map.entry("MALLSTREAM_SECRETS_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                            Map.entry("MALLSTREAM_SECURITY_KEYS_0_NAME", "benchmark-api"),
                            Map.entry("MALLSTREAM_SECURITY_KEYS_0_ROLE", "api"),
                            Map.entry("MALLSTREAM_SECURITY_KEYS_0_SHA256", sha256(API_KEY)),
                            Map.entry("MALLSTREAM_SECURITY_KEYS_1_NAME", "benchmark-operator"),
                            Map.entry("MALLSTREAM_SECURITY_KEYS_1_ROLE", "operator"),
                            Map.entry("MALLSTREAM_SECURITY_KEYS_1_SHA256", sha256(OPERATOR_KEY))));
            builder.environment().putAll(more);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it answers and all its consumers run. */
    void awaitReady() throws InterruptedException {
        long giveUp = System.nanoTime() + START.toNanos();
        while (!up("readiness") || !up("consumers")) {
            if (!process.isAlive() || System.nanoTime() > giveUp) {
                throw new IllegalStateException("the platform did not start, see " + log);
            }
            Pause.micros(LOOK_MICROS);
        }
    }

    private boolean up(String health) throws InterruptedException {
        try {
            return client.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort
                                                    + "/actuator/health/" + health))
                                            .header("Authorization", "Bearer " + OPERATOR_KEY)
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Signs somebody up, without waiting.
     *
     * @param mall its mall
     * @param loginId no other's
     * @return the body of the answer
     */
    CompletableFuture<String> signUp(String mall, String loginId) {
        return client.sendAsync(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + port + "/api/malls/" + mall + "/members"))
                                .header("Content-Type", "application/json")
                                .header("Authorization", "Bearer " + API_KEY)
                                .POST(HttpRequest.BodyPublishers.ofString("""
                                        {"loginId":"%s","name":"Hong Gildong","email":"hong@example.com",\
                                        "phone":"010-1234-5678"}""".formatted(loginId)))
                                .build(),
                        BodyHandlers.ofString())
                .thenApply(answer -> {
                    if (answer.statusCode() != 201) {
                        throw new IllegalStateException("a sign-up was answered with " + answer.statusCode());
                    }
                    return answer.body();
                });
    }

    /**
     * Asks or tells it something, on the management port as an operator.
     *
     * @param path what is asked for; a null body asks, another one tells
     * @return the body of the answer
     * @throws IllegalStateException if the answer is another than success
     */
    String ask(String path, @Nullable String body) throws InterruptedException {
        boolean management = path.startsWith("/actuator/");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + (management ? managementPort : port) + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + (management ? OPERATOR_KEY : API_KEY));
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(path + " was answered with " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its process has written: logs. */
    Path log() {
        return log;
    }

    /** Its process. */
    long pid() {
        return process.pid();
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end, and kills it after 40 s. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
