package mallstream.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mallstream.benchmarks.Candidate;
import mallstream.kafka.Permitted;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/** The client's own poll loop on a thread. It commits what it has polled, whatever has become of it. */
abstract class PollLoop implements Candidate {
    private static final Duration POLL = Duration.ofMillis(50);

    private @Nullable Thread thread;
    private volatile boolean stopping;

    /**
     * Takes one record.
     *
     * @param value its value
     * @param settings of the run
     */
    abstract void record(byte[] value, Settings settings);

    @Override
    @Permitted(reason = "the one thread of the loop; it ends with the candidate")
    public final void start(Settings settings) {
        thread = Thread.ofPlatform().daemon().name("poll").start(() -> run(settings));
    }

    private void run(Settings settings) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer())) {
            consumer.subscribe(List.of(settings.topic()));
            long commitAt = System.nanoTime();
            boolean uncommitted = false;
            while (!stopping) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> each : records) {
                    record(each.value(), settings);
                }
                uncommitted |= !records.isEmpty();
                long now = System.nanoTime();
                if (uncommitted && now - commitAt >= 0) {
                    consumer.commitAsync();
                    uncommitted = false;
                    commitAt = now + TimeUnit.MILLISECONDS.toNanos(COMMIT_MILLIS);
                }
            }
        }
    }

    @Override
    public final void close() {
        stopping = true;
        Thread running = thread;
        if (running != null) {
            try {
                running.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
