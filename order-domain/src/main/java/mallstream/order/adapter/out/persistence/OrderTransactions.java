package mallstream.order.adapter.out.persistence;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mallstream.order.application.port.out.Transactions;
import mallstream.order.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions of the database. All of the domain's statements run inside one, so a database that fails is told from a
 * statement that is wrong in this one place.
 */
@Component
class OrderTransactions implements Transactions {
    /** A lock or an answer that takes longer counts as a failed database; the callers come again. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** Connection, resources, operator's intervention, rollback by the database; lock_not_available is a timeout. */
    private static final Set<String> STATE_CLASSES = Set.of("08", "53", "57", "40");

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final TransactionTemplate template;

    OrderTransactions(PlatformTransactionManager manager) {
        template = new TransactionTemplate(manager);
        template.setTimeout((int) LONGEST.toSeconds());
    }

    @Override
    public <T> T inOne(Supplier<T> work) {
        try {
            return requireNonNull(template.execute(status -> work.get()));
        } catch (Unavailable unavailable) {
            throw unavailable;
        } catch (RuntimeException failure) {
            if (Stream.iterate((Throwable) failure, each -> each != null, OrderTransactions::cause)
                    .anyMatch(OrderTransactions::isOfInfrastructure)) {
                throw new Unavailable("database", failure);
            }
            throw failure;
        }
    }

    /** A connection that is cut off fails the rollback too, and Spring then hides the first failure beside the causes. */
    private static @Nullable Throwable cause(Throwable failure) {
        return failure instanceof TransactionSystemException rollback && rollback.getApplicationException() != null
                ? rollback.getApplicationException()
                : failure.getCause();
    }

    private static boolean isOfInfrastructure(Throwable failure) {
        return failure instanceof CannotCreateTransactionException
                || failure instanceof TransactionTimedOutException
                || failure instanceof TransientDataAccessException
                || failure instanceof DataAccessResourceFailureException
                || failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException
                || (failure instanceof SQLException sql && isState(String.valueOf(sql.getSQLState())));
    }

    private static boolean isState(String state) {
        return state.equals(LOCK_NOT_AVAILABLE)
                || (state.length() == 5 && STATE_CLASSES.contains(state.substring(0, 2)));
    }
}
