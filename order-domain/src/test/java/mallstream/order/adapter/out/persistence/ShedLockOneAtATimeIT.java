package mallstream.order.adapter.out.persistence;

import java.time.Clock;
import mallstream.order.application.port.out.OneAtATime;
import mallstream.order.application.port.out.OneAtATimeContract;
import mallstream.order.testing.TestDatabase;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class ShedLockOneAtATimeIT extends OneAtATimeContract {
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());
    private final OneAtATime one = instance();
    private final OneAtATime other = instance();

    private static OneAtATime instance() {
        return new ShedLockOneAtATime(
                new JdbcTemplate(TestDatabase.dataSource()),
                new DataSourceTransactionManager(TestDatabase.dataSource()),
                Clock.systemUTC());
    }

    @Override
    protected OneAtATime one() {
        return one;
    }

    @Override
    protected OneAtATime other() {
        return other;
    }

    /** Locks end by the database's clock, which nobody sets, so their end is moved instead. */
    @Override
    protected void timePasses() {
        jdbc.sql("update orders.shedlock set lock_until = lock_until - interval '1 hour'")
                .update();
    }
}
