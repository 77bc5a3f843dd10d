package mallstream.member.adapter.out.persistence;

import java.sql.SQLException;
import java.util.function.Supplier;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The one place where a failing database becomes {@link Unavailable}: every other adapter here is called inside of it. */
@Component
final class JpaTransactions implements Transactions {
    private final TransactionTemplate template;

    JpaTransactions(PlatformTransactionManager manager) {
        this.template = new TransactionTemplate(manager);
    }

    @Override
    @SuppressWarnings("NullAway") // The work gives no null, so the template gives none.
    public <T> T inOne(Supplier<T> work) {
        try {
            return template.execute(status -> work.get());
        } catch (RuntimeException e) {
            throw isInfrastructure(e) ? new Unavailable("database", e) : e;
        }
    }

    /**
     * SQL states after the PostgreSQL manual, appendix A: class 08 connection, 53 resources, 57 operator intervention, 40
     * rollback of the transaction (serialization failure, deadlock).
     */
    private static boolean isInfrastructure(RuntimeException e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return switch (sql.getSQLState().substring(0, 2)) {
                    case "08", "53", "57", "40" -> true;
                    default -> false;
                };
            }
        }
        return e instanceof DataAccessResourceFailureException
                || e instanceof QueryTimeoutException
                || e instanceof CannotCreateTransactionException;
    }
}
