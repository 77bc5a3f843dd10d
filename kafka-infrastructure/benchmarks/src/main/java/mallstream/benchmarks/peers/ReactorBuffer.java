package mallstream.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import mallstream.kafka.Permitted;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.kafka.receiver.ReceiverRecord;

/** A buffer by size and time that respects demand; its records on virtual threads, and the next one when all have ended. */
public final class ReactorBuffer extends ReactorReceiver {
    private static final Duration LINGER = Duration.ofMillis(5);

    @Override
    @Permitted(reason = "one virtual thread for the buffer at work, which waits for those of its records")
    Flux<?> flow(Flux<ReceiverRecord<byte[], byte[]>> records, Settings settings) {
        Scheduler threads = Schedulers.fromExecutor(Thread::startVirtualThread);
        return records.bufferTimeout(settings.maxInFlight(), LINGER, true)
                .concatMap(buffer ->
                        Mono.fromRunnable(() -> work(buffer, settings)).subscribeOn(threads));
    }

    private static void work(List<ReceiverRecord<byte[], byte[]>> buffer, Settings settings) {
        try {
            Together.work(buffer, settings.job());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped at work", e);
        }
        buffer.forEach(each -> each.receiverOffset().acknowledge());
    }
}
