package mallstream.bootstrap.system;

import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import mallstream.member.adapter.out.persistence.SecretSettings;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.SecretRotation;
import mallstream.member.model.UuidV7;
import mallstream.member.model.WebhookEndpoint;
import mallstream.notification.GatewaySettings;
import mallstream.notification.WebhookSettings;
import org.flywaydb.core.Flyway;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * What receivers that hang cost the others: 200 endpoints get deliveries at a steady rate, first with all of them well,
 * then with two that hang for 30 s on every call, and so in turns. Prints, of the other 198, how long it takes from the row in the
 * table to the request at the receiver, and as the last line the ratio of the 99th percentiles.
 *
 * <p>A program and no test, because it measures time. Arguments: rounds, seconds of each, deliveries a second. Everything is
 * real: PostgreSQL, the timer, the use case, the HTTP client, and a server on loopback.
 */
public final class HangingReceivers {
    private static final int ENDPOINTS = 200;
    private static final Set<Integer> HANGING = Set.of(17, 117);
    private static final Duration HANG = Duration.ofSeconds(30);
    private static final Pattern MEMBER = Pattern.compile("\"memberId\"\\s*:\\s*\"([^\"]+)\"");

    private final Map<String, Long> added = new ConcurrentHashMap<>();
    private final Map<Integer, Queue<Long>> nanos = new ConcurrentHashMap<>();
    private final RandomGenerator random = new SecureRandom();
    private volatile boolean hang;

    private HangingReceivers() {}

    /** @param arguments rounds (3), seconds of each (40), deliveries a second (100) */
    public static void main(String[] arguments) throws IOException {
        int rounds = number(arguments, 0, 3);
        int seconds = number(arguments, 1, 40);
        int perSecond = number(arguments, 2, 100);
        new HangingReceivers().run(rounds, seconds, perSecond);
        System.exit(0);
    }

    private static int number(String[] arguments, int index, int usual) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : usual;
    }

    private void run(int rounds, int seconds, int perSecond) throws IOException {
        HttpServer receivers = receivers();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                ConfigurableApplicationContext platform = platform(postgres)) {
            List<MallId> malls = register(platform, receivers.getAddress().getPort());
            measure(platform, malls, 10, perSecond); // warm
            var without = new ArrayList<Long>();
            var with = new ArrayList<Long>();
            for (int round = 1; round <= rounds; round++) {
                hang = false;
                enableAll(platform);
                without.addAll(report("without", round, measure(platform, malls, seconds, perSecond)));
                hang = true;
                with.addAll(report("with   ", round, measure(platform, malls, seconds, perSecond)));
            }
            double ratio = (double) percentile(with, 99) / percentile(without, 99);
            System.out.printf(
                    "p99 without %d ms, with %d ms, ratio %.2f%n",
                    ms(percentile(without, 99)), ms(percentile(with, 99)), ratio);
        } finally {
            receivers.stop(0);
        }
    }

    private HttpServer receivers() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            long now = System.nanoTime();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int endpoint = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            Matcher member = MEMBER.matcher(body);
            Long since = member.find() ? added.remove(member.group(1)) : null;
            if (since != null) {
                nanos.computeIfAbsent(endpoint, none -> new ConcurrentLinkedQueue<>())
                        .add(now - since);
            }
            pause(hang && HANGING.contains(endpoint) ? HANG : Duration.ofMillis(20));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void pause(Duration time) {
        try {
            new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConfigurableApplicationContext platform(EmbeddedPostgres postgres) {
        String url = postgres.getJdbcUrl("postgres", "postgres");
        Flyway.configure()
                .dataSource(url, "postgres", "")
                .schemas("member")
                .locations("classpath:db/migration/member")
                .load()
                .migrate();
        return new SpringApplicationBuilder(Platform.class, Attempts.class)
                .web(WebApplicationType.NONE)
                .beanNameGenerator(FullyQualifiedAnnotationBeanNameGenerator.INSTANCE)
                .properties(Map.of(
                        "spring.config.location",
                        "optional:classpath:/none/",
                        "spring.datasource.url",
                        url,
                        "spring.datasource.username",
                        "postgres",
                        "spring.flyway.enabled",
                        false,
                        "spring.jpa.open-in-view",
                        false,
                        "spring.kafka.listener.auto-startup",
                        false,
                        "logging.level.root",
                        "warn",
                        "spring.main.banner-mode",
                        "off"))
                .run();
    }

    private List<MallId> register(ConfigurableApplicationContext platform, int port) {
        Transactions transactions = platform.getBean(Transactions.class);
        WebhookEndpoints endpoints = platform.getBean(WebhookEndpoints.class);
        return IntStream.range(0, ENDPOINTS)
                .mapToObj(n -> {
                    var mall = new MallId("mall-" + n);
                    transactions.inOne(() -> {
                        endpoints.add(new WebhookEndpoint(
                                UuidV7.at(Instant.now(), random),
                                mall,
                                URI.create("http://127.0.0.1:" + port + "/" + n),
                                Set.of(),
                                WebhookEndpoint.Secret.from(random),
                                Instant.now()));
                        return true;
                    });
                    return mall;
                })
                .toList();
    }

    /** Forgets what the round before has taught the platform of the two, so that each round starts alike. */
    private static void enableAll(ConfigurableApplicationContext platform) {
        var jdbc = platform.getBean(JdbcClient.class);
        jdbc.sql("delete from member.webhook_delivery").update();
        jdbc.sql(
                        "update member.webhook_endpoint set failures = 0, pauses = 0, failing_since = null, paused_until = null")
                .update();
    }

    private List<Long> measure(
            ConfigurableApplicationContext platform, List<MallId> malls, int seconds, int perSecond) {
        nanos.clear();
        added.clear();
        Transactions transactions = platform.getBean(Transactions.class);
        WebhookDeliveries deliveries = platform.getBean(WebhookDeliveries.class);
        long start = System.nanoTime();
        long every = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int n = 0; n < seconds * perSecond; n++) {
            while (System.nanoTime() - start < n * every) {
                LockSupport.parkNanos(every / 4);
            }
            UUID member = UuidV7.at(Instant.now(), random);
            var signUp = new MemberSignedUp(member, malls.get(n % ENDPOINTS), new MemberId(member), Instant.now());
            added.put(member.toString(), System.nanoTime());
            transactions.inOne(() -> deliveries.add(List.of(signUp)));
        }
        pause(Duration.ofSeconds(3));
        Predicate<Integer> other = endpoint -> !HANGING.contains(endpoint);
        return nanos.entrySet().stream()
                .filter(entry -> other.test(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private static List<Long> report(String what, int round, List<Long> nanos) {
        System.out.printf(
                "round %d %s: %d deliveries to the 198, p50 %d ms, p99 %d ms, most %d ms%n",
                round,
                what,
                nanos.size(),
                ms(percentile(nanos, 50)),
                ms(percentile(nanos, 99)),
                ms(percentile(nanos, 100)));
        return nanos;
    }

    private static long percentile(List<Long> nanos, int percent) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
    }

    private static long ms(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    // Without @Configuration, so that the scan of the platform's own tests does not find it.
    @EnableAutoConfiguration
    @EnableScheduling
    @AutoConfigurationPackage(basePackages = "mallstream.member.adapter.out.persistence")
    @ComponentScan(
            basePackages = {"mallstream.member.adapter.out.persistence", "mallstream.notification"},
            nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
    static class Platform {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        RandomGenerator random() {
            return new SecureRandom();
        }

        @Bean
        SecretSettings secrets() {
            return new SecretSettings(Base64.getEncoder().encodeToString(new byte[32]));
        }

        @Bean
        SecretRotation rotation() {
            return new SecretRotation(Duration.ofDays(1));
        }

        @Bean
        WebhookSettings webhooks() {
            return new WebhookSettings(List.of("127.0.0.0/8"), true, Duration.ofSeconds(15), 100, 5);
        }

        @Bean
        GatewaySettings gateway() {
            return new GatewaySettings(null, "", "", "", 1, Duration.ofSeconds(1));
        }
    }

    /** The use case and the timer alone; the others would want Kafka. */
    @ComponentScan(
            basePackages = {"mallstream.member.application.service", "mallstream.member.adapter.in.schedule"},
            useDefaultFilters = false,
            nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class,
            includeFilters = {
                @Filter(type = FilterType.REGEX, pattern = ".*\\.(AttemptingWebhooks|WebhookTimer)"),
            })
    static class Attempts {}
}
