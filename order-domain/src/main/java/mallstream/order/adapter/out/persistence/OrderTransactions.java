package mallstream.order.adapter.out.persistence;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** The one place where a failing database becomes {@link Unavailable}: every other adapter here is called inside of it, or asks it. */
@Component
class OrderTransactions implements Transactions {
    /** A statement that takes longer is cancelled, which counts as a database that failed: the callers come again. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final PlatformTransactionManager manager;
    private final TransactionDefinition bounded;

    OrderTransactions(PlatformTransactionManager manager) {
        this.manager = manager;
        var definition = new DefaultTransactionDefinition();
        definition.setTimeout((int) LONGEST.toSeconds());
        this.bounded = definition;
    }

    @Override
    public <T> T inOne(Supplier<T> work) {
        return orUnavailable(() -> {
            TransactionStatus status = manager.getTransaction(bounded);
            T result = doneOrRolledBack(work, status);
            manager.commit(status);
            return result;
        });
    }

    /** Does the work, and says of a failing database that it is unavailable. */
    static <T> T orUnavailable(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw isInfrastructure(e) ? new Unavailable("database", e) : e;
        }
    }

    /**
     * A connection that died cannot be rolled back either. TransactionTemplate would throw what the rollback met, which
     * says nothing of the cause, and write a stack trace for each transaction of an outage.
     */
    private <T> T doneOrRolledBack(Supplier<T> work, TransactionStatus status) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            try {
                manager.rollback(status);
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
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
                || e instanceof CannotCreateTransactionException
                || e instanceof TransactionTimedOutException;
    }
}
