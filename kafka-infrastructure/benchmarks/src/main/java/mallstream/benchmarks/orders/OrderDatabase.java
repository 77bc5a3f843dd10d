package mallstream.benchmarks.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A real PostgreSQL in processes of its own, with the tables of orders and what {@code fsync} costs. */
public final class OrderDatabase implements AutoCloseable {
    /** Connections that calls may hold at the same time: what the platform leaves its consumers of a pool of 10. */
    public static final int CALLS = 7;

    private static final String TABLES = "orders.sales_order, orders.line, orders.history";

    private final EmbeddedPostgres postgres;
    private final JdbcTemplate sql;

    /** Starts it and makes the tables. */
    public OrderDatabase() {
        try {
            postgres = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("shared_buffers", "512MB")
                    .setServerConfig("max_wal_size", "4GB")
                    .start();
            sql = new JdbcTemplate(new DriverManagerDataSource(url()));
            sql.execute("create schema orders");
            Resource[] scripts =
                    new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/order/V*.sql");
            Arrays.sort(scripts, Comparator.comparing(each -> Objects.requireNonNull(each.getFilename())));
            for (Resource each : scripts) {
                sql.execute(each.getContentAsString(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is, with the user in it. */
    public String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    /**
     * A pool as the platform has it, in whatever process.
     *
     * @param url where it is
     */
    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(10);
        config.setConnectionInitSql("set enable_seqscan = off");
        return new HikariDataSource(config);
    }

    /** Forgets all orders, and leaves no work of the last run behind. */
    public void clear() {
        sql.execute("truncate " + TABLES);
        sql.execute("checkpoint");
    }

    /**
     * Keeps what is there now, for the limit to write again.
     *
     * @param name of what is kept, letters only
     */
    public void keep(String name) {
        for (String table : List.of("sales_order", "line", "history")) {
            sql.execute("drop table if exists public." + name + "_" + table);
            sql.execute("create table public." + name + "_" + table + " as select * from orders." + table);
        }
    }

    /** What stands in the tables, and whether it can be what was sent. */
    public Found found() {
        return new Found(
                count("select count(*) from orders.sales_order"),
                count("select count(*) from orders.line"),
                count("select count(*) from orders.history"),
                count("select count(distinct (stream_partition, stream_offset)) from orders.history"),
                count("""
                        select count(*) from (select (h.stream_offset, h.part) <=
                            lag((h.stream_offset, h.part)) over (partition by o.mall_id order by h.id) as earlier
                          from orders.history h join orders.sales_order o on o.id = h.order_id) as each where earlier"""),
                count("select count(*) from orders.history where kind <> 'APPLIED'"),
                count("select count(*) from orders.line where status <> 'PREPARING'"));
    }

    private long count(String query) {
        return Objects.requireNonNull(sql.queryForObject(query, Long.class));
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What stands in the tables.
     *
     * @param orders rows of orders
     * @param lines rows of lines
     * @param history rows of histories, one per line of each change
     * @param changes different changes in the histories
     * @param violations rows that are older than the one before them in their mall
     * @param notApplied rows that say something else than applied
     * @param unfinished lines that are not where their last change brings them
     */
    public record Found(
            long orders, long lines, long history, long changes, long violations, long notApplied, long unfinished) {

        /** Rows of all three tables. */
        public long rows() {
            return orders + lines + history;
        }
    }
}
