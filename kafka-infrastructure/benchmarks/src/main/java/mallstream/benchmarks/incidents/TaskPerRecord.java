package mallstream.benchmarks.incidents;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import mallstream.benchmarks.Event;
import mallstream.kafka.Permitted;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.support.Acknowledgment;

/**
 * The code of the incident: a task per record, each waits for a semaphore, works, and acknowledges. The semaphore bounds
 * how many work. It does not bound how many wait, and it does not stop the listener, so nothing stops the poll loop.
 */
final class TaskPerRecord {
    @Permitted(reason = "the fault itself: nothing bounds the tasks")
    private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();

    private final Semaphore permits;
    private final Consumer<Event> handler;

    /**
     * @param atOnce how many tasks work at the same time
     * @param handler what they do
     */
    TaskPerRecord(int atOnce, Consumer<Event> handler) {
        this.permits = new Semaphore(atOnce);
        this.handler = handler;
    }

    /** Called by the listener container, on the thread that polls. */
    void onMessage(ConsumerRecord<byte[], byte[]> message, Acknowledgment acknowledgment) {
        tasks.execute(() -> {
            permits.acquireUninterruptibly();
            try {
                handler.accept(Plain.event(message));
                acknowledgment.acknowledge();
            } finally {
                permits.release();
            }
        });
    }
}
