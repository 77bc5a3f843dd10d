package mallstream.order.adapter.out.persistence;

import mallstream.order.application.port.out.Pulls;
import mallstream.order.application.port.out.PullsContract;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class JdbcPullsIT extends PullsContract {
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());
    private final Pulls pulls = new JdbcPulls(jdbc);
    private final Transactions transactions =
            new OrderTransactions(new DataSourceTransactionManager(TestDatabase.dataSource()));

    @BeforeEach
    void empty() {
        jdbc.sql("truncate orders.pull").update();
    }

    @Override
    protected Pulls pulls() {
        return pulls;
    }

    @Override
    protected Transactions transactions() {
        return transactions;
    }
}
