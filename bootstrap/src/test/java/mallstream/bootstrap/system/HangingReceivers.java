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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import mallstream.member.adapter.out.persistence.SecretSettings;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.SecretRotation;
import mallstream.member.model.UuidV7;
import mallstream.member.model.WebhookEndpoint;
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
 * What receivers that hang cost the others: 200 endpoints get deliveries at a steady rate, with all of them well and with
 * two that hang for 30 s on every call, in turns. Prints, of the other 198, how long it takes from the time at which the row is
 * due to be added until the request is at the receiver, and as the last line the ratio of the 99th percentiles. Ends with 1
 * as the exit code if the ratio is above 1.2 or a delivery to one of the 198 is missing.
 *
 * <p>A program and no test, because it measures time. Arguments: rounds, seconds of each half, deliveries a second. Everything
 * is real: PostgreSQL, the timer, the use case, the HTTP client, and a server on loopback.
 */
public final class HangingReceivers implements AutoCloseable {
    private static final Duration HANG = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final double GOAL = 1.2;
    private static final Pattern MEMBER = Pattern.compile("\"memberId\"\\s*:\\s*\"([^\"]+)\"");

    private final int endpoints;
    private final Set<Integer> hanging;
    private final HttpServer receivers;
    private final EmbeddedPostgres postgres;
    private final ConfigurableApplicationContext platform;

    /** When the row of each member was due to be added. */
    private final Map<String, Long> due = new ConcurrentHashMap<>();

    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicInteger hung = new AtomicInteger();
    private final RandomGenerator random = new SecureRandom();
    private volatile boolean hang;

    /** Starts everything; endpoints are numbered from 0, and a call is cut after the timeout. */
    HangingReceivers(int endpoints, Set<Integer> hanging, Duration timeout) throws IOException {
        this.endpoints = endpoints;
        this.hanging = hanging;
        receivers = receivers();
        postgres = EmbeddedPostgres.builder().start();
        platform = platform(postgres, timeout);
        register();
        receivers.start();
    }

    /** @param arguments rounds (4), seconds of each half (30), deliveries a second (100) */
    public static void main(String[] arguments) throws IOException {
        boolean met;
        try (var program = new HangingReceivers(200, Set.of(17, 117), TIMEOUT)) {
            met = program.run(number(arguments, 0, 4), number(arguments, 1, 30), number(arguments, 2, 100));
        }
        System.exit(met ? 0 : 1);
    }

    private static int number(String[] arguments, int index, int usual) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : usual;
    }

    private boolean run(int rounds, int seconds, int perSecond) {
        measure(false, 20, perSecond); // warm
        System.out.println(
                "| round | that hang | calls that hung | deliveries to the others | missing | p50 | p99 | most |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        var without = new ArrayList<Half>();
        var with = new ArrayList<Half>();
        for (int round = 1; round <= rounds; round++) {
            // Each goes first in every other round, so that what grows with time burdens both.
            boolean first = round % 2 == 0;
            for (boolean hang : new boolean[] {first, !first}) {
                Half half = measure(hang, seconds, perSecond);
                (hang ? with : without).add(half);
                print(Integer.toString(round), hang, half);
            }
        }
        Half well = Half.all(without);
        Half beside = Half.all(with);
        print("all", false, well);
        print("all", true, beside);
        double ratio = (double) percentile(beside.nanos(), 99) / percentile(well.nanos(), 99);
        boolean met = ratio <= GOAL && well.missing() + beside.missing() == 0;
        System.out.printf(
                "%nRatio of the p99: %.2f, at most %.2f wanted, and nothing missing: %s%n",
                ratio, GOAL, met ? "met" : "missed");
        return met;
    }

    private void print(String round, boolean hang, Half half) {
        System.out.printf(
                "| %s | %d | %d | %,d | %d | %.1f ms | %.1f ms | %.1f ms |%n",
                round,
                hang ? hanging.size() : 0,
                half.hung(),
                half.nanos().size(),
                half.missing(),
                percentile(half.nanos(), 50) / 1e6,
                percentile(half.nanos(), 99) / 1e6,
                percentile(half.nanos(), 100) / 1e6);
    }

    /**
     * What was seen while deliveries were added for a while.
     *
     * @param nanos of the endpoints that never hang: from when a row is due until its first request
     * @param missing deliveries to them that did not arrive or are not recorded as delivered
     * @param hung calls at the others that were left without an answer
     * @param paused endpoints that the platform has paused
     */
    record Half(List<Long> nanos, int missing, int hung, int paused) {
        static Half all(List<Half> halves) {
            return new Half(
                    halves.stream().flatMap(half -> half.nanos().stream()).toList(),
                    halves.stream().mapToInt(Half::missing).sum(),
                    halves.stream().mapToInt(Half::hung).sum(),
                    halves.stream().mapToInt(Half::paused).max().orElse(0));
        }
    }

    /** Adds deliveries at a steady rate, to each endpoint in turn, and waits until those that do not hang have theirs. */
    Half measure(boolean hang, int seconds, int perSecond) {
        forget();
        this.hang = hang;
        Transactions transactions = platform.getBean(Transactions.class);
        WebhookDeliveries deliveries = platform.getBean(WebhookDeliveries.class);
        int count = seconds * perSecond;
        long start = System.nanoTime();
        long every = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int n = 0; n < count; n++) {
            long at = start + n * every;
            while (System.nanoTime() - at < 0) {
                LockSupport.parkNanos(every / 4);
            }
            UUID member = UuidV7.at(Instant.now(), random);
            var signUp = new MemberSignedUp(member, mall(n % endpoints), new MemberId(member), Instant.now());
            // Not the time of now: what keeps this loop waiting is a delay too.
            due.put(member.toString(), at);
            transactions.inOne(() -> deliveries.add(List.of(signUp)));
        }
        long others = IntStream.range(0, count)
                .filter(n -> !hanging.contains(n % endpoints))
                .count();
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (delivered() < others && System.nanoTime() - latest < 0) {
            pause(Duration.ofMillis(100));
        }
        List<Long> arrived = List.copyOf(nanos);
        int missing = (int) (others - Math.min(arrived.size(), delivered()));
        return new Half(arrived, missing, hung.get(), count("webhook_endpoint where paused_until is not null"));
    }

    private int delivered() {
        return platform.getBean(JdbcClient.class)
                .sql("select count(*) from member.webhook_delivery where state = 'DELIVERED' and mall_id <> all(?)")
                .param(hanging.stream().map(n -> mall(n).value()).toArray(String[]::new))
                .query(Integer.class)
                .single();
    }

    private int count(String rows) {
        return platform.getBean(JdbcClient.class)
                .sql("select count(*) from member." + rows)
                .query(Integer.class)
                .single();
    }

    /** Waits for the calls that still hang and forgets what they have taught the platform, so that each half starts alike. */
    private void forget() {
        hang = false;
        var jdbc = platform.getBean(JdbcClient.class);
        jdbc.sql("truncate member.webhook_delivery").update();
        while (platform.getBean(SendWebhooks.class).running() > 0) {
            pause(Duration.ofMillis(100));
        }
        jdbc.sql("""
                        update member.webhook_endpoint
                        set failures = 0, pauses = 0, failing_since = null, paused_until = null""").update();
        due.clear();
        nanos.clear();
        hung.set(0);
    }

    private HttpServer receivers() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            long now = System.nanoTime();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean mayHang = hanging.contains(
                    Integer.parseInt(exchange.getRequestURI().getPath().substring(1)));
            Matcher member = MEMBER.matcher(body);
            Long since = member.find() ? due.remove(member.group(1)) : null;
            if (since != null && !mayHang) {
                nanos.add(now - since);
            }
            if (hang && mayHang) {
                hung.incrementAndGet();
                pause(HANG);
            } else {
                pause(ANSWER);
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        return server;
    }

    private static void pause(Duration time) {
        try {
            new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConfigurableApplicationContext platform(EmbeddedPostgres postgres, Duration timeout) {
        String url = postgres.getJdbcUrl("postgres", "postgres");
        Flyway.configure()
                .dataSource(url, "postgres", "")
                .schemas("member")
                .locations("classpath:db/migration/member")
                .load()
                .migrate();
        var webhooks = new WebhookSettings(List.of("127.0.0.0/8"), true, timeout, 100, 5);
        return new SpringApplicationBuilder(Platform.class, Attempts.class)
                .web(WebApplicationType.NONE)
                .beanNameGenerator(FullyQualifiedAnnotationBeanNameGenerator.INSTANCE)
                .initializers(context -> context.getBeanFactory().registerSingleton("webhookSettings", webhooks))
                .properties(Map.of(
                        "spring.config.location",
                        "optional:classpath:/none/",
                        "spring.datasource.url",
                        url,
                        "spring.datasource.username",
                        "postgres",
                        "spring.datasource.hikari.connection-init-sql",
                        "set enable_seqscan = off",
                        "spring.task.scheduling.pool.size",
                        8,
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

    private void register() {
        Transactions transactions = platform.getBean(Transactions.class);
        WebhookEndpoints all = platform.getBean(WebhookEndpoints.class);
        for (int n = 0; n < endpoints; n++) {
            var endpoint = new WebhookEndpoint(
                    UuidV7.at(Instant.now(), random),
                    mall(n),
                    URI.create("http://127.0.0.1:" + receivers.getAddress().getPort() + "/" + n),
                    Set.of(),
                    WebhookEndpoint.Secret.from(random),
                    Instant.now());
            transactions.inOne(() -> {
                all.add(endpoint);
                return true;
            });
        }
    }

    private static MallId mall(int endpoint) {
        return new MallId("mall-" + endpoint);
    }

    private static long percentile(List<Long> nanos, int percent) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
    }

    @Override
    public void close() throws IOException {
        platform.close();
        postgres.close();
        receivers.stop(0);
    }

    // Without @Configuration, so that the scan of the platform's own tests does not find it.
    @EnableAutoConfiguration
    @EnableScheduling
    @AutoConfigurationPackage(basePackages = "mallstream.member.adapter.out.persistence")
    @ComponentScan(
            basePackages = "mallstream.member.adapter.out.persistence",
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
    }

    /** The use case, the timer and the HTTP client alone; the others would want Kafka and a mail server. */
    @ComponentScan(
            basePackages = {
                "mallstream.member.application.service",
                "mallstream.member.adapter.in.schedule",
                "mallstream.notification"
            },
            useDefaultFilters = false,
            nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class,
            includeFilters = {
                @Filter(type = FilterType.REGEX, pattern = ".*\\.(AttemptingWebhooks|WebhookTimer|HttpWebhooks)"),
            })
    static class Attempts {}
}
