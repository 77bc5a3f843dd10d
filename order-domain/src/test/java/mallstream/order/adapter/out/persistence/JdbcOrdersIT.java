package mallstream.order.adapter.out.persistence;

import mallstream.order.application.port.out.Orders;
import mallstream.order.application.port.out.OrdersContract;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class JdbcOrdersIT extends OrdersContract {
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());
    private final Orders orders = new JdbcOrders(jdbc);
    private final Transactions transactions =
            new OrderTransactions(new DataSourceTransactionManager(TestDatabase.dataSource()));

    @BeforeEach
    void empty() {
        jdbc.sql("truncate orders.sales_order, orders.line, orders.history").update();
    }

    @Override
    protected Orders orders() {
        return orders;
    }

    @Override
    protected Transactions transactions() {
        return transactions;
    }
}
