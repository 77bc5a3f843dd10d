package mallstream.member.ports;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs things at the same time. */
public final class Together {
    private Together() {}

    /**
     * Starts all of them at one moment, each on a thread of its own, and waits a minute at the most.
     *
     * @return what they gave, in their order
     * @throws AssertionError if one of them threw
     */
    public static <T> List<T> run(List<? extends Callable<T>> tasks) {
        var start = new CyclicBarrier(tasks.size());
        try (var threads = Executors.newFixedThreadPool(tasks.size())) {
            var futures = new ArrayList<Future<T>>();
            for (Callable<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    await(start);
                    return task.call();
                }));
            }
            var results = new ArrayList<T>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CyclicBarrier start) throws InterruptedException {
        try {
            start.await();
        } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }
}
