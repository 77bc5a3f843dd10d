package mallstream.benchmarks.peers;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelEoSStreamProcessor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import mallstream.benchmarks.Candidate;
import mallstream.kafka.Permitted;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/** Confluent's parallel consumer, its pool made of virtual threads. */
public final class ParallelConsumer implements Candidate {
    private final boolean ordered;
    private @Nullable ParallelEoSStreamProcessor<byte[], byte[]> processor;

    /** @param ordered whether by key; else without any order */
    public ParallelConsumer(boolean ordered) {
        this.ordered = ordered;
    }

    @Override
    public void start(Settings settings) {
        ParallelEoSStreamProcessor<byte[], byte[]> made =
                new OnVirtualThreads(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .consumer(new KafkaConsumer<>(settings.consumer()))
                        .ordering(ordered ? ProcessingOrder.KEY : ProcessingOrder.UNORDERED)
                        .maxConcurrency(settings.maxInFlight())
                        .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                        .commitInterval(Duration.ofMillis(COMMIT_MILLIS))
                        .build());
        made.subscribe(List.of(settings.topic()));
        made.poll(context -> settings.job().work(context.value()));
        processor = made;
    }

    @Override
    public void close() {
        if (processor != null) {
            processor.closeDontDrainFirst(Duration.ofSeconds(5));
        }
    }

    /** The library takes a factory of threads from a name service only. */
    private static final class OnVirtualThreads extends ParallelEoSStreamProcessor<byte[], byte[]> {
        private OnVirtualThreads(ParallelConsumerOptions<byte[], byte[]> options) {
            super(options);
        }

        @Override
        @Permitted(
                reason = "what the library does, with virtual threads; the pool is bounded, its queue by the library")
        protected ThreadPoolExecutor setupWorkerPool(int size) {
            return new ThreadPoolExecutor(
                    size,
                    size,
                    0,
                    TimeUnit.MILLISECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofVirtual().name("worker-", 0).factory());
        }
    }
}
