package mallstream.benchmarks.peers;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import mallstream.benchmarks.Job;
import mallstream.kafka.Permitted;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Works on several records at the same time and waits for the slowest of them. */
final class Together {
    private Together() {}

    /**
     * @param records what to work on, a virtual thread for each
     * @param job the work
     * @throws InterruptedException if the wait was cut short
     */
    @Permitted(reason = "a virtual thread per record, as many as the caller gives; all have ended when it returns")
    static void work(List<? extends ConsumerRecord<byte[], byte[]>> records, Job job) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(records.size());
        for (ConsumerRecord<byte[], byte[]> each : records) {
            byte[] value = each.value();
            Thread.startVirtualThread(() -> {
                try {
                    job.work(value);
                } finally {
                    left.countDown();
                }
            });
        }
        left.await();
    }
}
