package mallstream.order.adapter.out.persistence;

import mallstream.order.application.port.out.CodeMappings;
import mallstream.order.application.port.out.CodeMappingsContract;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class JdbcCodeMappingsIT extends CodeMappingsContract {
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.dataSource());

    @BeforeEach
    @AfterEach
    void empty() {
        jdbc.sql("truncate orders.code_mapping").update();
    }

    @Override
    protected CodeMappings mappings() {
        return new JdbcCodeMappings(jdbc);
    }

    @Override
    protected Transactions transactions() {
        return new OrderTransactions(new DataSourceTransactionManager(TestDatabase.dataSource()));
    }
}
