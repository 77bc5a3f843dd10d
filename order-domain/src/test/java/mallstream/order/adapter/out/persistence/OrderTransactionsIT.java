package mallstream.order.adapter.out.persistence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Unavailable;
import mallstream.order.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class OrderTransactionsIT {
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());
    private final Transactions transactions = on(TestDatabase.dataSource());

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53300", "57P01", "57014", "40001", "40P01"})
    void states_of_a_failing_database_are_not_the_events_fault(String state) {
        assertThatThrownBy(() -> transactions.inOne(() -> raise(state)))
                .isInstanceOf(Unavailable.class)
                .hasMessage("database is unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "22001", "42P01"})
    void states_of_a_wrong_statement_stay_failures(String state) {
        assertThatThrownBy(() -> transactions.inOne(() -> raise(state))).isInstanceOf(DataAccessException.class);
    }

    @Test
    void a_connection_cut_off_in_the_middle_is_unavailable() {
        assertThatThrownBy(() -> transactions.inOne(() -> {
                    Integer self = jdbc.sql("select pg_backend_pid()")
                            .query(Integer.class)
                            .single();
                    terminate(self);
                    return jdbc.sql("select 1").query(Integer.class).single();
                }))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void an_exhausted_pool_is_unavailable() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestDatabase.dataSource());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource one = new HikariDataSource(config)) {
            Transactions outer = on(one);
            Transactions inner = on(one);
            assertThatThrownBy(() -> outer.inOne(() -> callFromElsewhere(inner)))
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void a_database_that_is_not_there_is_unavailable() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/none");
        config.setConnectionTimeout(250);
        config.setInitializationFailTimeout(-1);
        try (HikariDataSource none = new HikariDataSource(config)) {
            assertThatThrownBy(() -> on(none).inOne(() -> "never")).isInstanceOf(Unavailable.class);
        }
    }

    private static void terminate(int backend) {
        try (Connection operator = TestDatabase.dataSource().getConnection();
                PreparedStatement terminate = operator.prepareStatement("select pg_terminate_backend(?)")) {
            terminate.setInt(1, backend);
            terminate.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The pool's only connection is taken by the caller, so another thread gets none. */
    private static String callFromElsewhere(Transactions transactions) {
        var failure = new AtomicReference<RuntimeException>();
        Thread elsewhere = Thread.ofVirtual().start(() -> {
            try {
                transactions.inOne(() -> "never");
            } catch (Unavailable unavailable) {
                failure.set(unavailable);
            }
        });
        try {
            elsewhere.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        RuntimeException seen = failure.get();
        if (seen != null) {
            throw seen;
        }
        return "there was a connection";
    }

    private Integer raise(String state) {
        return jdbc.sql("do $$ begin raise exception 'on purpose' using errcode = '" + state + "'; end $$")
                .update();
    }

    private static Transactions on(DataSource dataSource) {
        return new OrderTransactions(new DataSourceTransactionManager(dataSource));
    }
}
