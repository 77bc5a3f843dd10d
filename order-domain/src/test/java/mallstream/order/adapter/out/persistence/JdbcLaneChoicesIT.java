package mallstream.order.adapter.out.persistence;

import mallstream.order.application.port.out.LaneChoices;
import mallstream.order.application.port.out.LaneChoicesContract;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class JdbcLaneChoicesIT extends LaneChoicesContract {
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());

    @BeforeEach
    @AfterEach
    void empty() {
        jdbc.sql("truncate orders.mall_lanes").update();
    }

    @Override
    protected LaneChoices choices() {
        return new JdbcLaneChoices(jdbc);
    }

    @Override
    protected Transactions transactions() {
        return new OrderTransactions(new DataSourceTransactionManager(TestDatabase.dataSource()));
    }
}
