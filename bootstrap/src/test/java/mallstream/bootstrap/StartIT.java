package mallstream.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import mallstream.bootstrap.infrastructure.Infrastructure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the platform in a JVM of its own, as production does, with something wrong: one line says what, and it ends with 1. */
class StartIT {
    private static final String KEY = "MALLSTREAM_SECURITY_KEYS_0_";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final Map<String, String> variables = new HashMap<>(Map.of(
            "SERVER_PORT",
            "0",
            "MANAGEMENT_SERVER_PORT",
            "0",
            "SPRING_KAFKA_BOOTSTRAP_SERVERS",
            "localhost:1",
            "SPRING_DATASOURCE_URL",
            "jdbc:postgresql://localhost:1/mallstream?password=hidden",
            "MALLSTREAM_SECRETS_KEY",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            KEY + "NAME",
            "test",
            KEY + "ROLE",
            "api",
            KEY + "SHA256",
            "0".repeat(64)));

    @Test
    void without_a_database() throws IOException, InterruptedException {
        refuses("the database at jdbc:postgresql://localhost:1/mallstream cannot be reached", "SPRING_DATASOURCE_URL");
    }

    @Test
    void with_a_database_address_that_is_none() throws IOException, InterruptedException {
        variables.put("SPRING_DATASOURCE_URL", "localhost:5432?password=hidden");
        refuses(
                "spring.datasource.url = localhost:5432: is no address",
                "SPRING_DATASOURCE_URL=jdbc:postgresql://<host>:5432/<database>");
    }

    @Test
    void with_a_database_port_that_is_none() throws IOException, InterruptedException {
        variables.put("SPRING_DATASOURCE_URL", "jdbc:postgresql://localhost:port/mallstream?password=hidden");
        refuses("spring.datasource.url = jdbc:postgresql://localhost:port/mallstream: is no address");
    }

    @Test
    void with_the_address_of_the_gateway_alone() throws IOException, InterruptedException {
        variables.put("MALLSTREAM_NOTICE_GATEWAY_BASEURL", "https://gateway.invalid");
        refuses(
                "mallstream.notice.gateway.base-url",
                "MALLSTREAM_NOTICE_GATEWAY_APPKEY",
                "MALLSTREAM_NOTICE_GATEWAY_SECRETKEY",
                "MALLSTREAM_NOTICE_GATEWAY_SENDERKEY");
    }

    @Test
    void with_the_address_of_a_mail_server_alone() throws IOException, InterruptedException {
        variables.put("SPRING_MAIL_HOST", "mail.invalid");
        refuses("mallstream.notice.mail.from must be set where spring.mail.host is", "MALLSTREAM_NOTICE_MAIL_FROM");
    }

    @Test
    void with_a_gateway_whose_calls_could_outlive_their_lease() throws IOException, InterruptedException {
        variables.put("MALLSTREAM_NOTICE_GATEWAY_BASEURL", "https://gateway.invalid");
        variables.put("MALLSTREAM_NOTICE_GATEWAY_APPKEY", "app");
        variables.put("MALLSTREAM_NOTICE_GATEWAY_SECRETKEY", "hidden");
        variables.put("MALLSTREAM_NOTICE_GATEWAY_SENDERKEY", "sender");
        variables.put("MALLSTREAM_NOTICE_GATEWAY_TIMEOUT", "15001ms");
        refuses(
                "mallstream.notice.call-lease is 120000 ms, must be at least eight times"
                        + " mallstream.notice.gateway.timeout, which is 15001 ms",
                "MALLSTREAM_NOTICE_CALLLEASE");
    }

    @Test
    void with_mail_whose_calls_could_outlive_their_lease() throws IOException, InterruptedException {
        variables.put("MALLSTREAM_NOTICE_MAIL_FROM", "notice@mall.example");
        variables.put("MALLSTREAM_NOTICE_MAIL_TIMEOUT", "40001ms");
        refuses("must be at least three times mallstream.notice.mail.timeout, which is 40001 ms");
    }

    @Test
    void with_a_broker_address_without_a_port() throws IOException, InterruptedException {
        withDatabase();
        variables.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", "localhost");
        refuses("localhost is not of the form host:port", "SPRING_KAFKA_BOOTSTRAP_SERVERS=<host>:<port>");
    }

    @Test
    void with_a_consumer_property_that_kafka_does_not_take() throws IOException, InterruptedException {
        withDatabase();
        variables.put("SPRING_KAFKA_CONSUMER_PROPERTIES_MAX_POLL_INTERVAL_MS", "soon");
        refuses("Invalid value soon for configuration max.poll.interval.ms", "spring.kafka.consumer.*");
    }

    @Test
    void with_an_unknown_variable() throws IOException, InterruptedException {
        variables.put("MALLSTREAM_WEBHOOK_ALOW", "127.0.0.0/8");
        refuses("MALLSTREAM_WEBHOOK_ALOW is unknown", "mallstream.webhook.allow");
    }

    @Test
    void with_a_value_out_of_range() throws IOException, InterruptedException {
        variables.put("MALLSTREAM_WEBHOOK_MAXCALLS", "0");
        refuses("mallstream.webhook.max-calls is 0, must be", "MALLSTREAM_WEBHOOK_MAXCALLS");
    }

    @Test
    void without_keys() throws IOException, InterruptedException {
        variables.keySet().removeIf(name -> name.startsWith(KEY));
        refuses("nobody could call", "openssl rand");
    }

    @Test
    void without_the_key_that_encrypts_secrets() throws IOException, InterruptedException {
        variables.remove("MALLSTREAM_SECRETS_KEY");
        refuses("mallstream.secrets.key", "MALLSTREAM_SECRETS_KEY");
    }

    @Test
    void with_a_port_that_is_none() throws IOException, InterruptedException {
        variables.put("SERVER_PORT", "eighty");
        refuses("server.port", "eighty");
    }

    @Test
    void with_a_subscription_that_there_is_not() throws IOException, InterruptedException {
        withDatabase();
        variables.put("MALLSTREAM_CONSUME_ONLY", "cupon");
        refuses("mallstream.consume.only", "cupon", "coupon");
    }

    /** Kafka's absence is no reason: the outbox keeps what is to be published. */
    @Test
    void a_start_without_kafka_succeeds() throws IOException, InterruptedException {
        succeeds();
    }

    /** A name server that does not know the brokers now may know them later. */
    @Test
    void a_start_with_brokers_whose_name_leads_nowhere_succeeds() throws IOException, InterruptedException {
        variables.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", "nowhere.invalid:9092");
        succeeds();
    }

    private void succeeds() throws IOException, InterruptedException {
        withDatabase();
        Path output = folder.resolve("output");
        Process platform = start(output);
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !platform.isAlive() || Files.readString(output).contains("Started Mallstream"));
            assertThat(platform.isAlive()).as(Files.readString(output)).isTrue();
        } finally {
            platform.destroy();
            assertThat(platform.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private void withDatabase() {
        Infrastructure database = Infrastructure.running();
        variables.put("SPRING_DATASOURCE_URL", database.jdbcUrl());
        variables.put("SPRING_DATASOURCE_USERNAME", database.username());
        variables.put("SPRING_DATASOURCE_PASSWORD", database.password());
    }

    private void refuses(String... parts) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process platform = start(output);

        assertThat(platform.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(platform.exitValue()).isEqualTo(1);
        List<String> loud = Files.readAllLines(output).stream()
                .filter(line -> !line.contains(" INFO "))
                .toList();
        assertThat(loud).hasSize(1);
        assertThat(loud.getFirst())
                .contains("ERROR", "Mallstream did not start: ")
                .contains(parts)
                .doesNotContain("hidden");
    }

    private Process start(Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        Mallstream.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MALLSTREAM_") || name.startsWith("SPRING_"));
        builder.environment().putAll(variables);
        return builder.start();
    }

    /** Without our test classes, which would be scanned and quieten the log. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
