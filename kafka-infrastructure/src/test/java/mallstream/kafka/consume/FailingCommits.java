package mallstream.kafka.consume;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A real client of which every second commit fails, in each of the ways in which they do while a group rebalances. */
final class FailingCommits {
    private static final List<Supplier<RuntimeException>> WAYS = List.of(
            CommitFailedException::new,
            () -> new RebalanceInProgressException("wanted by a test"),
            () -> new RetriableCommitFailedException("wanted by a test"),
            () -> new FencedInstanceIdException("wanted by a test"),
            () -> new TimeoutException("wanted by a test"));

    private final AtomicInteger commits = new AtomicInteger();
    /** Commits that failed. */
    final AtomicInteger failed = new AtomicInteger();

    @SuppressWarnings("unchecked")
    Consumer<byte[], byte[]> around(Consumer<byte[], byte[]> real) {
        InvocationHandler handler = (proxy, method, args) -> invoke(real, method, args);
        return (Consumer<byte[], byte[]>)
                Proxy.newProxyInstance(Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, handler);
    }

    private @Nullable Object invoke(Consumer<byte[], byte[]> real, Method method, Object @Nullable [] args)
            throws Throwable {
        if (args != null && method.getName().startsWith("commit")) {
            int number = commits.getAndIncrement();
            if (number % 2 == 0) {
                RuntimeException failure = WAYS.get(number / 2 % WAYS.size()).get();
                failed.incrementAndGet();
                boolean later = number / 2 / WAYS.size() % 2 == 0;
                if (method.getName().equals("commitAsync") && later) {
                    @SuppressWarnings("unchecked")
                    Map<TopicPartition, OffsetAndMetadata> offsets = (Map<TopicPartition, OffsetAndMetadata>) args[0];
                    ((OffsetCommitCallback) args[1]).onComplete(offsets, failure);
                    return null;
                }
                throw failure;
            }
        }
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
