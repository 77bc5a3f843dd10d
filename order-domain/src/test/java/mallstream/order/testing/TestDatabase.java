package mallstream.order.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A real PostgreSQL with the schema {@code orders}, one for all tests of the JVM; it ends with the JVM. */
public final class TestDatabase {
    private static final DataSource SHARED = migrated(start());

    private TestDatabase() {}

    /** Connections to it, from a pool of 10. */
    public static DataSource dataSource() {
        return SHARED;
    }

    private static DataSource start() {
        String infrastructure = System.getProperty("infrastructure", "embedded");
        return switch (infrastructure) {
            case "embedded" -> embedded();
            case "containers" -> container();
            default -> throw new IllegalStateException("infrastructure is neither embedded nor containers");
        };
    }

    private static DataSource embedded() {
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.start();
            return pool(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    // It is left running for all tests; Testcontainers removes it at the end.
    @SuppressWarnings("resource")
    private static DataSource container() {
        PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:18-alpine");
        postgres.start();
        return pool(postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword());
    }

    private static DataSource pool(String url, String user, String password) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    private static DataSource migrated(DataSource dataSource) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration/order")
                .schemas("orders")
                .defaultSchema("orders")
                .load()
                .migrate();
        return dataSource;
    }
}
