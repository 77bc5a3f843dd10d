package mallstream.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import mallstream.benchmarks.Candidate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.ReceiverRecord;

/** reactor-kafka, which acknowledges in any order: a large number of deferred commits lets it. */
abstract class ReactorReceiver implements Candidate {
    private static final int DEFERRED = 1_000_000;

    private @Nullable Disposable running;

    /**
     * What is done with the records.
     *
     * @param records as they come
     * @param settings of the run
     * @return something to subscribe to
     */
    abstract Flux<?> flow(Flux<ReceiverRecord<byte[], byte[]>> records, Settings settings);

    @Override
    public final void start(Settings settings) {
        var consumer = settings.consumer();
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.max(500, settings.maxInFlight()));
        ReceiverOptions<byte[], byte[]> options = ReceiverOptions.<byte[], byte[]>create(consumer)
                .subscription(List.of(settings.topic()))
                .commitInterval(Duration.ofMillis(COMMIT_MILLIS))
                .commitBatchSize(0)
                .maxDeferredCommits(DEFERRED);
        running = flow(KafkaReceiver.create(options).receive(), settings)
                .subscribe(ignored -> {}, thrown -> System.err.println("the flow has ended: " + thrown));
    }

    @Override
    public final void close() {
        if (running != null) {
            running.dispose();
        }
    }
}
