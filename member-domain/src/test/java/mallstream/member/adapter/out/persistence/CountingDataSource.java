package mallstream.member.adapter.out.persistence;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts the executions of prepared statements. */
final class CountingDataSource extends DelegatingDataSource {
    private final AtomicInteger executions = new AtomicInteger();

    CountingDataSource(DataSource target) {
        super(target);
    }

    int executions() {
        return executions.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return counting(Connection.class, super.getConnection());
    }

    private <T> T counting(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (target instanceof PreparedStatement && method.getName().startsWith("execute")) {
                        executions.incrementAndGet();
                    }
                    try {
                        @Nullable Object result = method.invoke(target, arguments);
                        return result instanceof PreparedStatement statement
                                ? counting(PreparedStatement.class, statement)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                }));
    }
}
