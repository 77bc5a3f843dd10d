package mallstream.order.adapter.out.persistence;

import mallstream.order.application.port.out.HandInKeys;
import mallstream.order.application.port.out.HandInKeysContract;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class JdbcHandInKeysIT extends HandInKeysContract {
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());
    private final HandInKeys keys = new JdbcHandInKeys(jdbc);
    private final Transactions transactions =
            new OrderTransactions(new DataSourceTransactionManager(TestDatabase.dataSource()));

    @BeforeEach
    void empty() {
        jdbc.sql("truncate orders.hand_in_key").update();
    }

    @Override
    protected HandInKeys keys() {
        return keys;
    }

    @Override
    protected Transactions transactions() {
        return transactions;
    }
}
