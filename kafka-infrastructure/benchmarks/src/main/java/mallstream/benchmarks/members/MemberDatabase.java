package mallstream.benchmarks.members;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A real PostgreSQL in processes of its own, with what {@code fsync} costs. It notes when each transaction committed, which
 * tells afterwards when a row could be seen first and costs nothing meanwhile, and how long each statement took.
 */
final class MemberDatabase implements AutoCloseable {
    /** Who owns everything in it. */
    static final String USER = "postgres";

    private final EmbeddedPostgres postgres;
    private final JdbcTemplate sql;

    /** Starts it, without tables. */
    MemberDatabase() {
        try {
            postgres = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("shared_buffers", "256MB")
                    .setServerConfig("max_wal_size", "4GB")
                    .setServerConfig("track_commit_timestamp", "on")
                    .setServerConfig("track_wal_io_timing", "on")
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sql = new JdbcTemplate(new DriverManagerDataSource(url()));
    }

    /** Makes the tables of members, where nobody else does. */
    void migrate() {
        try {
            sql.execute("create schema member");
            Resource[] scripts =
                    new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/member/V*.sql");
            Arrays.sort(scripts, Comparator.comparing(each -> Objects.requireNonNull(each.getFilename())));
            for (Resource each : scripts) {
                sql.execute(each.getContentAsString(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is, with the user in it. */
    String url() {
        return postgres.getJdbcUrl(USER, USER);
    }

    /** For questions and rows; a connection for each. */
    JdbcTemplate sql() {
        return sql;
    }

    /**
     * @param query gives one number
     * @param parameters of the query
     */
    long count(String query, Object... parameters) {
        return Objects.requireNonNull(sql.queryForObject(query, Long.class, parameters));
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
