package mallstream.bootstrap.system;

import mallstream.bootstrap.infrastructure.Infrastructure;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A look into the platform's tables from outside. */
final class Database {
    private Database() {}

    static JdbcClient open() {
        return open(Infrastructure.running());
    }

    static JdbcClient open(Infrastructure on) {
        return JdbcClient.create(new DriverManagerDataSource(on.jdbcUrl(), on.username(), on.password()));
    }

    static long count(String query, Object... parameters) {
        return open().sql(query).params(parameters).query(Long.class).single();
    }
}
