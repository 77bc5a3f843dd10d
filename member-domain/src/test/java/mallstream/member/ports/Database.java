package mallstream.member.ports;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import mallstream.member.adapter.out.persistence.SecretSettings;
import mallstream.member.application.port.out.CouponPolicies;
import mallstream.member.application.port.out.Coupons;
import mallstream.member.application.port.out.Members;
import mallstream.member.application.port.out.NoticeCalls;
import mallstream.member.application.port.out.NoticeCampaigns;
import mallstream.member.application.port.out.NoticeTemplates;
import mallstream.member.application.port.out.Outbox;
import mallstream.member.application.port.out.PointLedger;
import mallstream.member.application.port.out.RequestKeys;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.Member;
import org.flywaydb.core.Flyway;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The ports in a real PostgreSQL 18, migrated as in production: embedded, or in a container with
 * {@code -Dinfrastructure=containers}. The shared one starts once per test JVM.
 */
public final class Database implements Ports, AutoCloseable {
    private static final String PERSISTENCE = "mallstream.member.adapter.out.persistence";

    private final Server server;
    private final ConfigurableApplicationContext context;

    private Database(Server server, ConfigurableApplicationContext context) {
        this.server = server;
        this.context = context;
    }

    /** The shared one, with all rows of other tests taken out. */
    public static Database emptied() {
        Database shared = Shared.DATABASE;
        shared.jdbc().sql("""
                        truncate member.member, member.coupon, member.point_lot, member.point_entry,
                          member.webhook_endpoint, member.webhook_delivery, member.notice_campaign,
                          member.notice_recipient, member.notice_call, member.notice_progress,
                          member.notice_template, member.request_key, member.outbox,
                          member.coupon_policy, member.withdrawn_member""").update();
        shared.jdbc()
                .sql("update member.outbox_bucket set leased_until = '-infinity'")
                .update();
        return shared;
    }

    /** One of its own, for tests that stop it. */
    public static Database started() {
        Server server = "containers".equals(System.getProperty("infrastructure")) ? container() : embedded();
        var migrations = Flyway.configure()
                .dataSource(server.url(), server.user(), server.password())
                .schemas("member")
                .locations("classpath:db/migration/member")
                .load();
        migrations.migrate();
        return new Database(
                server,
                new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .properties(Map.of(
                                "spring.datasource.url",
                                server.url(),
                                "spring.datasource.username",
                                server.user(),
                                "spring.datasource.password",
                                server.password(),
                                "spring.datasource.hikari.connection-timeout",
                                2000,
                                "spring.flyway.enabled",
                                false,
                                "spring.jpa.open-in-view",
                                false,
                                "spring.main.banner-mode",
                                "off",
                                "spring.main.log-startup-info",
                                false))
                        .run());
    }

    /**
     * Another database on the same server, for tests of migrations.
     *
     * @param name of a database that there is not
     * @return migrates it up to a version
     */
    public Function<String, JdbcClient> beside(String name) {
        jdbc().sql("create database " + name).update();
        String url = server.url().replaceFirst("(//[^/]+/)[^?]*", "$1" + name);
        return version -> {
            var flyway = Flyway.configure()
                    .dataSource(url, server.user(), server.password())
                    .schemas("member")
                    .locations("classpath:db/migration/member")
                    .target(version)
                    .load();
            flyway.migrate();
            return JdbcClient.create(flyway.getConfiguration().getDataSource());
        };
    }

    private static Server embedded() {
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("track_commit_timestamp", "on")
                    .start();
            return new Server(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", postgres);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Server container() {
        var postgres = new PostgreSQLContainer("postgres:18-alpine")
                .withCommand("postgres", "-c", "track_commit_timestamp=on");
        postgres.start();
        return new Server(postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword(), postgres);
    }

    /** For what the ports do not say. */
    public JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    /** Where connections come from. */
    public DataSource dataSource() {
        return context.getBean(DataSource.class);
    }

    /** The transaction of this thread, which has an id from now on. */
    public String transactionId() {
        return jdbc().sql("select pg_current_xact_id()::text")
                .query(String.class)
                .single();
    }

    /**
     * @param ids of committed transactions
     * @return where in the list those stand that committed first, second and so on, from 0
     */
    public List<Integer> inOrderOfCommit(List<String> ids) {
        return jdbc().sql("""
                        select n - 1 from unnest(?::text[]) with ordinality as one (id, n)
                        order by pg_xact_commit_timestamp(id::xid)""")
                .param(ids.toArray(String[]::new))
                .query((row, n) -> row.getInt(1))
                .list();
    }

    /** Counts rows. */
    public long count(String table) {
        return jdbc().sql("select count(*) from member." + table)
                .query(Long.class)
                .single();
    }

    /** Stops the server and leaves its clients alone. */
    public void stopServer() {
        try {
            server.stop().close();
        } catch (Exception e) {
            throw new IllegalStateException("PostgreSQL did not stop", e);
        }
    }

    @Override
    public void close() {
        context.close();
        stopServer();
    }

    @Override
    public Transactions transactions() {
        return context.getBean(Transactions.class);
    }

    @Override
    public Members members() {
        return context.getBean(Members.class);
    }

    @Override
    public Coupons coupons() {
        return context.getBean(Coupons.class);
    }

    @Override
    public CouponPolicies policies() {
        return context.getBean(CouponPolicies.class);
    }

    @Override
    public PointLedger points() {
        return context.getBean(PointLedger.class);
    }

    @Override
    public RequestKeys keys() {
        return context.getBean(RequestKeys.class);
    }

    @Override
    public Outbox outbox() {
        return context.getBean(Outbox.class);
    }

    @Override
    public WebhookEndpoints endpoints() {
        return context.getBean(WebhookEndpoints.class);
    }

    @Override
    public WebhookDeliveries deliveries() {
        return context.getBean(WebhookDeliveries.class);
    }

    @Override
    public NoticeCampaigns campaigns() {
        return context.getBean(NoticeCampaigns.class);
    }

    @Override
    public NoticeCalls calls() {
        return context.getBean(NoticeCalls.class);
    }

    @Override
    public NoticeTemplates templates() {
        return context.getBean(NoticeTemplates.class);
    }

    @Override
    public void forgetContactData(Member.Key member) {
        jdbc().sql("update member.member set phone = '', email = '' where id = ?")
                .param(member.memberId().value())
                .update();
    }

    /** What the minutes do that leases, look-ups and stalled campaigns wait for, at once. */
    public void noticesWaitNoLonger() {
        jdbc().sql("update member.notice_call set leased_until = now() - interval '1 h' where ended_at is null")
                .update();
        jdbc().sql("""
                        update member.notice_campaign
                        set step_until = now() - interval '1 h', pass_ended_at = pass_ended_at - interval '1 h'""").update();
        jdbc().sql(
                        "update member.notice_progress set last_at = last_at - interval '1 h', finished_at = finished_at - interval '1 h'")
                .update();
    }

    private record Server(String url, String user, String password, AutoCloseable stop) {}

    private static final class Shared {
        private static final Database DATABASE = started();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(DATABASE::close));
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @AutoConfigurationPackage(basePackages = PERSISTENCE)
    @ComponentScan(PERSISTENCE)
    static class Application {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        RandomGenerator random() {
            return Some.RANDOM;
        }

        @Bean
        SecretSettings secrets() {
            return new SecretSettings(Base64.getEncoder().encodeToString(new byte[32]));
        }
    }
}
