package mallstream.member.ports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;

/** Knows whether a transaction is open, refuses a second one inside of it, and fails when it is told to. */
public final class FakeTransactions implements Transactions {
    private static final ThreadLocal<@Nullable List<Runnable>> OPEN = new ThreadLocal<>();
    private final AtomicInteger untilFailure = new AtomicInteger(-1);

    @Override
    public <T> T inOne(Supplier<T> work) {
        if (OPEN.get() != null) {
            throw new IllegalStateException("a transaction inside of a transaction");
        }
        if (untilFailure.getAndDecrement() == 0) {
            throw new Unavailable("database", new IOException("the test said so"));
        }
        var ends = new ArrayList<Runnable>();
        OPEN.set(ends);
        try {
            return work.get();
        } finally {
            ends.forEach(Runnable::run);
            OPEN.remove();
        }
    }

    /** Lets so many transactions pass; the one after them fails, those that follow pass again. */
    public void failAfter(int passing) {
        untilFailure.set(passing);
    }

    /** Fails where a transaction is open: slow things do not belong inside of one. */
    public void mustBeClosed() {
        if (OPEN.get() != null) {
            throw new IllegalStateException("a transaction is held open during a call to the outside");
        }
    }

    void mustBeOpen() {
        atEnd(() -> {});
    }

    void atEnd(Runnable work) {
        List<Runnable> ends = OPEN.get();
        if (ends == null) {
            throw new IllegalStateException("no transaction is open");
        }
        ends.add(work);
    }
}
