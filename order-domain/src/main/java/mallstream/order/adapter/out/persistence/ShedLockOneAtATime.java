package mallstream.order.adapter.out.persistence;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import mallstream.order.application.port.out.OneAtATime;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** A row per lock with the time of its end, by the database's clock: see docs/adr/0020-one-puller-per-account.md. */
@Component
class ShedLockOneAtATime implements OneAtATime {
    private static final Logger LOG = LoggerFactory.getLogger(ShedLockOneAtATime.class);

    private final LockProvider locks;
    private final Clock clock;

    ShedLockOneAtATime(JdbcTemplate jdbc, PlatformTransactionManager transactions, Clock clock) {
        this.locks = new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(jdbc)
                .withTransactionManager(transactions)
                .withTableName("orders.shedlock")
                // The host's name, which is the default, is the same for all instances of a machine.
                .withLockedByValue(UUID.randomUUID().toString())
                .usingDbTime()
                .build());
        this.clock = clock;
    }

    @Override
    public <T> Optional<T> run(String what, Duration atMost, Supplier<T> work) {
        Optional<SimpleLock> lock = OrderTransactions.orUnavailable(
                () -> locks.lock(new LockConfiguration(clock.instant(), what, atMost, Duration.ZERO)));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(work.get());
        } finally {
            unlock(what, lock.get());
        }
    }

    /** What failed here must not hide what the work returned or threw; the lock ends by itself. */
    private static void unlock(String what, SimpleLock lock) {
        try {
            lock.unlock();
        } catch (RuntimeException failure) {
            LOG.warn(
                    "{} stays locked until its time is over: {}",
                    what,
                    failure.getClass().getName());
        }
    }
}
